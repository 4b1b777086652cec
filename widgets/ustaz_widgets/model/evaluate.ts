/**
 * Judge answers, as `ustaz.workbook.evaluate` does: the same vectors (tests/vectors/rules) run here.
 *
 * What stands here is advice while a person types; staff count only what Python says.
 */
import { rowsOf } from "./changes";
import { isEmpty, requiredAt, rowFilled, visible } from "./conditions";
import { graphemes, trim } from "./graphemes";
import { checkRule } from "./rules";
import type {
  Answers,
  Definition,
  Evaluation,
  Field,
  Finding,
  FindingKind,
  Level,
  Row,
  RuleContext,
  Section,
  SectionEvaluation,
  TableField,
} from "./types";

interface Tally {
  answered: number;
  required: string[];
  findings: Finding[];
  rules: Map<string, boolean>;
  anything: boolean;
}

export function evaluate(
  definition: Definition,
  answers: Answers,
  context: RuleContext,
): Evaluation {
  const tallies = new Map<string, Tally>();
  const sectionOf = new Map<string, Tally>();
  for (const section of definition.sections) {
    const tally = { answered: 0, required: [], findings: [], rules: new Map(), anything: false };
    tallies.set(section.id, tally);
    for (const field of section.fields ?? []) {
      sectionOf.set(field.id, tally);
      judgeField(field, answers, context, tally);
    }
  }
  for (const rule of definition.rules ?? []) {
    const { first, applies, found } = checkRule(rule, definition, answers, context);
    const tally = sectionOf.get(first.split(".")[0] ?? "");
    if (!tally) continue;
    tally.findings.push(...found);
    if (applies && rule.kind !== "advise") tally.rules.set(rule.id, found.length === 0);
  }
  const sections = definition.sections.map((one) => result(one, tallies.get(one.id) as Tally));
  const open = new Set(
    sections
      .flatMap((section) => section.findings)
      .filter((finding) => finding.kind !== "advice")
      .map((finding) => finding.at),
  );
  const level: Level = open.has("ready") ? "draft" : open.size > 0 ? "ready" : "complete";
  const sum = (pick: (one: SectionEvaluation) => number) =>
    sections.reduce((total, one) => total + pick(one), 0);
  return { answered: sum((one) => one.answered), of: sum((one) => one.of), level, sections };
}

function result(section: Section, tally: Tally): SectionEvaluation {
  const faulty = new Set(
    tally.findings
      .filter((one) => one.kind !== "advice" && one.id === null)
      .map((one) => one.field),
  );
  const rules = [...tally.rules.values()];
  const passed =
    tally.required.filter((one) => !faulty.has(one)).length + rules.filter(Boolean).length;
  const checks = tally.required.length + rules.length;
  const points = section.points ?? 0;
  const score = checks > 0 ? round((points * passed) / checks) : tally.anything ? points : 0;
  return {
    id: section.id,
    answered: tally.answered,
    of: tally.required.length,
    passed,
    checks,
    points,
    score,
    findings: tally.findings,
  };
}

/** Two decimals; an exact half goes to the even digit, as in Python. */
function round(value: number): number {
  const eighths = value * 8;
  const half = Number.isInteger(eighths) && eighths % 2 !== 0;
  if (half && Math.floor(value * 100) % 2 === 0) return Math.floor(value * 100) / 100;
  return Number(value.toFixed(2));
}

/** A table whose required cells are not all filled is not answered yet. */
function lacksCells(field: Field, answers: Answers, context: RuleContext): boolean {
  if (field.kind !== "table" || context.withheld?.includes(field.id)) return false;
  return judgeRows(field, answers, context).some((one) => one.rule === "required");
}

function judgeField(field: Field, answers: Answers, context: RuleContext, tally: Tally): void {
  const at = requiredAt(field, answers);
  const empty = isEmpty(field, answers, context) && !context.withheld?.includes(field.id);
  if (at) {
    tally.required.push(field.id);
    if (!empty && !lacksCells(field, answers, context)) tally.answered += 1;
  }
  if (field.kind !== "confirmation" && field.kind !== "reference" && !empty) tally.anything = true;
  if (empty) {
    const rule = field.kind === "reference" ? "reference_empty" : "required";
    if (at) tally.findings.push(bare(field.id, null, null, rule, at, "missing"));
    return;
  }
  if (isEmpty(field, answers, context) || !visible(field, answers)) return;
  tally.findings.push(...limits(field, answers, context, field.id, null, null));
  if (field.kind === "table") tally.findings.push(...judgeRows(field, answers, context));
}

function judgeRows(table: TableField, answers: Answers, context: RuleContext): Finding[] {
  const found: Finding[] = [];
  for (const row of rowsOf(answers, table.id)) {
    for (const column of table.columns) {
      if (context.withheld?.includes(`${table.id}.${column.id}`)) continue;
      const at = requiredAt(column, answers, row);
      if (isEmpty(column, row, context)) {
        if (at) found.push(bare(table.id, row.id, column.id, "required", at, "missing"));
      } else if (visible(column, answers, row)) {
        found.push(...limits(column, row, context, table.id, row.id, column.id));
      }
    }
  }
  return found;
}

function bare(
  field: string,
  row: string | null,
  column: string | null,
  rule: string,
  at: "ready" | "submitted",
  kind: FindingKind,
  params: Record<string, number> = {},
): Finding {
  return { field, row, column, rule, at, kind, params, id: null, message: null };
}

/** What does not fit the bounds of a value that is there. */
function limits(
  field: Field,
  holder: Answers | Row,
  context: RuleContext,
  name: string,
  row: string | null,
  column: string | null,
): Finding[] {
  const found: Finding[] = [];
  const add = (rule: string, kind: FindingKind, params: Record<string, number> = {}) =>
    found.push(bare(name, row, column, rule, "ready", kind, params));
  const value = holder[field.id];
  const size = (count: number, low?: number | null, high?: number | null) => {
    if (low != null && count < low) add("min_items", "missing", { min: low });
    if (high != null && count > high) add("max_items", "problem", { max: high });
  };
  switch (field.kind) {
    case "text": {
      const count = graphemes(String(value));
      if (field.min != null && count < field.min) add("min", "missing", { min: field.min });
      if (field.max != null && count > field.max) {
        add("max", "problem", { max: field.max, over: count - field.max });
      }
      break;
    }
    case "list": {
      const counts = (value as string[]).filter((item) => trim(item) !== "").map(graphemes);
      const most = Math.max(...counts);
      const { min, max } = field;
      if (min != null && counts.some((count) => count < min)) add("item_min", "missing", { min });
      if (max != null && most > max) add("item_max", "problem", { max, over: most - max });
      size(counts.length, field.min_items, field.max_items);
      break;
    }
    case "table": {
      const rows = value as Row[];
      const max = field.max_rows;
      if (max != null && rows.length > max) add("max_items", "problem", { max });
      size(rows.filter((one) => rowFilled(field, one, context)).length, field.min_rows);
      break;
    }
    case "choices":
      size((value as string[]).length, field.min, field.max);
      break;
    case "person": {
      const [workbook = "", table = ""] = field.from.split("/");
      const linked = context.linked?.[workbook];
      if (!linked) break;
      const known = new Set(["self", ...rowsOf(linked, table).map((one) => one.id)]);
      if (!(value as string[]).every((one) => known.has(one))) add("unknown_person", "problem");
      break;
    }
  }
  return found;
}

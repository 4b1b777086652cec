/**
 * Judge answers, as `ustaz.workbook.evaluate` does: the same vectors (tests/vectors/rules) run here.
 *
 * What stands here is advice while a person types; staff count only what Python says.
 */
import { rowsOf } from "./changes";
import { requiredAt, visible } from "./conditions";
import { isEmpty, rulesOf } from "./kinds";
import { checkRule, isSoft } from "./rules";
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
    const { first, applies, findings } = checkRule(rule, definition, answers, context);
    const tally = sectionOf.get(first.split(".")[0] ?? "");
    if (!tally) continue;
    tally.findings.push(...findings);
    if (applies && !isSoft(rule)) tally.rules.set(rule.id, findings.length === 0);
  }
  const sections = definition.sections.map((section) =>
    result(section, tallies.get(section.id) as Tally),
  );
  const open = new Set(
    sections
      .flatMap((section) => section.findings)
      .filter((finding) => finding.kind !== "advice")
      .map((finding) => finding.at),
  );
  const level: Level = open.has("ready") ? "draft" : open.size > 0 ? "ready" : "complete";
  const sum = (pick: (section: SectionEvaluation) => number) =>
    sections.reduce((total, section) => total + pick(section), 0);
  return {
    answered: sum((section) => section.answered),
    of: sum((section) => section.of),
    level,
    sections,
  };
}

function result(section: Section, tally: Tally): SectionEvaluation {
  const faulty = new Set(
    tally.findings
      .filter((finding) => finding.kind !== "advice" && finding.id === null)
      .map((finding) => finding.field),
  );
  const rules = [...tally.rules.values()];
  const passed =
    tally.required.filter((field) => !faulty.has(field)).length + rules.filter(Boolean).length;
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
  if (!("columns" in field) || context.withheld?.includes(field.id)) return false;
  return judgeRows(field, answers, context).some((finding) => finding.rule === "required");
}

function judgeField(field: Field, answers: Answers, context: RuleContext, tally: Tally): void {
  const at = requiredAt(field, answers);
  const empty = isEmpty(field, answers, context) && !context.withheld?.includes(field.id);
  if (at) {
    tally.required.push(field.id);
    if (!empty && !lacksCells(field, answers, context)) tally.answered += 1;
  }
  if (rulesOf(field).stored && !empty) tally.anything = true;
  if (empty) {
    const { missing } = rulesOf(field);
    if (at) tally.findings.push(bare(field.id, null, null, missing, at, "missing"));
    return;
  }
  if (isEmpty(field, answers, context) || !visible(field, answers)) return;
  tally.findings.push(...limits(field, answers, context, field.id, null, null));
  if ("columns" in field) tally.findings.push(...judgeRows(field, answers, context));
}

function judgeRows(
  table: Extract<Field, { columns: Field[] }>,
  answers: Answers,
  context: RuleContext,
): Finding[] {
  const findings: Finding[] = [];
  for (const row of rowsOf(answers, table.id)) {
    for (const column of table.columns) {
      if (context.withheld?.includes(`${table.id}.${column.id}`)) continue;
      const at = requiredAt(column, answers, row);
      if (isEmpty(column, row, context)) {
        if (at) findings.push(bare(table.id, row.id, column.id, "required", at, "missing"));
      } else if (visible(column, answers, row)) {
        findings.push(...limits(column, row, context, table.id, row.id, column.id));
      }
    }
  }
  return findings;
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
  return rulesOf(field)
    .limits(field, holder[field.id], context)
    .map(({ rule, kind, params }) => bare(name, row, column, rule, "ready", kind, params));
}

/** The closed list of rules: each says whether it had something to judge, and what it found. */

import { isBlank } from "./answers";
import { rowsOf } from "./changes";
import { visible } from "./conditions";
import { splitReference } from "./definition";
import { trim } from "./graphemes";
import { isEmpty, rowFilled } from "./kinds";

import type {
  Answers,
  Definition,
  Field,
  Finding,
  FindingKind,
  PersonField,
  Row,
  Rule,
  RuleContext,
  TableField,
  Test,
} from "./types";

export interface Verdict {
  /** The field (or `table.column`) whose section the rule belongs to. */
  first: string;
  applies: boolean;
  findings: Finding[];
}
interface Place {
  holder: Answers | Row;
  field: string;
  row: string | null;
  column: string | null;
}

export function checkRule(
  rule: Rule,
  definition: Definition,
  answers: Answers,
  context: RuleContext,
): Verdict {
  const findings: Finding[] = [];
  const say = (
    kind: FindingKind,
    place: Omit<Place, "holder">,
    params: Record<string, string | number> = {},
    key: string = rule.kind,
  ) => {
    const { field, row, column } = place;
    const at = rule.at ?? "submitted";
    const message = rule.message ?? null;
    findings.push({ field, row, column, rule: key, at, kind, params, id: rule.id, message });
  };
  const read = (name: string, holder: Answers | Row) => {
    const field = fieldOf(definition, name);
    const row = name.includes(".") ? (holder as Row) : undefined;
    return field && visible(field, answers, row) ? holder[field.id] : undefined;
  };
  const places = (name: string): Place[] => {
    const [field = "", column] = name.split(".");
    if (column === undefined) return [{ holder: answers, field, row: null, column: null }];
    return rowsOf(answers, field).map((row) => ({ holder: row, field, row: row.id, column }));
  };
  const days = () =>
    (rule.dates ?? [])
      .flatMap((name) => places(name).map((place) => ({ place, day: read(name, place.holder) })))
      .filter((dated): dated is { place: Place; day: string } => Boolean(dated.day));
  const border = (name = ""): string | null => {
    if (name === "programme.start") return context.programme_start ?? null;
    if (name === "programme.end") return context.programme_end ?? null;
    return (read(name, answers) as string | undefined) || null;
  };
  let applies = false;
  let first = "";
  switch (rule.kind) {
    case "date_order": {
      const { first: from = "", then = "" } = rule;
      first = from;
      for (const place of places(then)) {
        const [start, end] = [read(from, place.holder), read(then, place.holder)];
        if (!start || !end) continue;
        applies = true;
        if (end < start) say("problem", place);
      }
      break;
    }
    case "date_within": {
      first = rule.dates?.[0] ?? "";
      const [low, high] = [border(rule.from), border(rule.to)];
      for (const { place, day } of days()) {
        applies ||= Boolean(low || high);
        if ((low && day < low) || (high && day > high)) {
          say("problem", place, { from: low ?? "…", to: high ?? "…" });
        }
      }
      break;
    }
    case "not_future":
      first = rule.dates?.[0] ?? "";
      for (const { place, day } of days()) {
        applies = true;
        if (day > context.today) say("problem", place);
      }
      break;
    case "covers": {
      first = rule.column ?? "";
      applies = true;
      const [field = "", column = null] = first.split(".");
      const present = new Set(
        places(first).flatMap(({ holder }) => [read(first, holder) ?? []].flat() as string[]),
      );
      const place = { field, row: null, column };
      const lacking = (rule.all ?? []).filter((option) => !present.has(option));
      if (lacking.length > 0) say("missing", place, { missing: lacking.join(",") }, "covers_all");
      const any = rule.any ?? [];
      if (any.length > 0 && !any.some((option) => present.has(option))) {
        say("missing", place, { missing: any.join(",") }, "covers_any");
      }
      break;
    }
    case "at_least": {
      const names = rule.fields ?? [];
      first = names[0] ?? "";
      applies = true;
      const count = rule.count ?? 1;
      const answered = names.filter((name) => {
        if (context.withheld?.includes(name)) return true;
        const field = fieldOf(definition, name);
        return field && visible(field, answers) && !isEmpty(field, answers, context);
      });
      if (answered.length < count)
        say("missing", { field: first, row: null, column: null }, { count });
      break;
    }
    case "distinct": {
      first = rule.column ?? "";
      const [field = "", column = null] = first.split(".");
      // Of rows for other eyes nothing can be counted.
      if (context.withheld?.includes(field)) break;
      applies = true;
      const values = new Set(places(first).map(({ holder }) => read(first, holder)));
      const count = rule.count ?? 1;
      if ([...values].filter((value) => !isBlank(value)).length < count) {
        say("missing", { field, row: null, column }, { count });
      }
      break;
    }
    case "unique": {
      first = rule.column ?? "";
      const seen = new Set<string | number>();
      for (const place of places(first)) {
        const key = folded(read(first, place.holder));
        if (key === undefined) continue;
        if (seen.has(key)) say("problem", place);
        seen.add(key);
      }
      applies = seen.size > 0;
      break;
    }
    case "suggest": {
      first = rule.column ?? "";
      const [field = "", column = null] = first.split(".");
      if (context.withheld?.some((name) => name === field || name === first)) break;
      const table = fieldOf(definition, field) as TableField;
      const cells = places(first)
        .filter(({ holder }) => rowFilled(table, holder as Row, context))
        .map(({ holder }) => [read(first, holder) ?? []].flat().filter(Boolean) as string[]);
      const values = cells.filter((chosen) => chosen.length > 0);
      const { all = [], any = [], each = [] } = rule;
      if (values.length === 0 && each.length === 0) break;
      // That nobody is among `any` can be said only of rows that name somebody.
      if ((any.length > 0 ? values : cells).length < (rule.after ?? 0)) break;
      const present = new Set(
        values.flatMap((chosen) => optionsOf(rule, definition, context, chosen)),
      );
      const lacking = all.filter((option) => !present.has(option));
      applies =
        values.length < (rule.rows ?? 0) ||
        values.length > (rule.most ?? values.length) ||
        present.size < (rule.different ?? 0) ||
        lacking.length > 0 ||
        (any.length > 0 && !any.some((option) => present.has(option))) ||
        cells.some((chosen) => each.some((option) => !chosen.includes(option)));
      const params = lacking.length > 0 ? { missing: lacking.join(",") } : {};
      if (applies) say("advice", { field, row: null, column }, params);
      break;
    }
    case "follow_up": {
      first = rule.column ?? "";
      const [table = "", column = null] = first.split(".");
      const { where = [] } = rule;
      const names = [table, first, ...where.map((test) => `${table}.${test.column}`)];
      if (context.withheld?.some((name) => names.includes(name))) break;
      const field = fieldOf(definition, first) as Field;
      const rows = rowsOf(answers, table)
        .map((row, at) =>
          where.every((test) => holds(test, row[test.column])) && isEmpty(field, row, context)
            ? at + 1
            : 0,
        )
        .filter(Boolean)
        .join(", ");
      applies = rows !== "";
      if (applies) say("advice", { field: table, row: null, column }, { rows });
      break;
    }
    case "advise": {
      first = rule.field ?? "";
      const value = read(first, answers);
      if (typeof value !== "number") break;
      const low = rule.at_most != null && value <= rule.at_most;
      const high = rule.at_least != null && value >= rule.at_least;
      applies = low || high;
      if (applies) say("advice", { field: first, row: null, column: null });
      break;
    }
  }
  return { first, applies, findings };
}

/** Tell whether a rule only gives a thought, which costs nothing. */
export const isSoft = ({ kind }: Rule): boolean =>
  kind === "advise" || kind === "suggest" || kind === "follow_up";

/** Is an answer within the bounds of a test, or one of its options? */
function holds({ any, at_least, at_most }: Test, value: unknown): boolean {
  if (any.length > 0) return any.includes(value as string);
  return typeof value === "number" && value >= (at_least ?? value) && value <= (at_most ?? value);
}

/** What was chosen: options, or those of the people that were chosen. */
function optionsOf(
  rule: Rule,
  definition: Definition,
  context: RuleContext,
  chosen: string[],
): string[] {
  const { of } = rule;
  if (!of) return chosen;
  const person = fieldOf(definition, rule.column ?? "") as PersonField | undefined;
  const { workbook, id } = splitReference(person?.from ?? "");
  return rowsOf(context.linked?.[workbook] ?? {}, id)
    .filter((row) => chosen.includes(row.id) && Boolean(row[of]))
    .map((row) => row[of] as string);
}

/** A text is equal whatever the case, a number is itself; undefined where nothing was answered. */
function folded(value: unknown): string | number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && trim(value) !== "" ? trim(value).toLowerCase() : undefined;
}

/** A field, or a column by `table.column`. */
export function fieldOf(definition: Definition, name: string): Field | undefined {
  const [id, column] = name.split(".");
  const field = definition.sections
    .flatMap((section) => section.fields ?? [])
    .find((candidate) => candidate.id === id);
  if (column === undefined) return field;
  return (field as TableField | undefined)?.columns?.find((candidate) => candidate.id === column);
}

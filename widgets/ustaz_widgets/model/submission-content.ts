/**
 * What a submission carries, as values: tells whether something has changed since the last one.
 *
 * The server decides (`ustaz.exchange.snapshot`); this says the same, by the same vectors
 * (tests/vectors/submission_content.json): of the own answers what staff may see, of other workbooks the one field
 * that a reference shows and the rows of the people who are named.
 */

import { splitReference } from "./definition";
import { trim } from "./graphemes";
import type { Answers, Definition, Field, Row } from "./types";

type AnswersOf = (workbook: string) => Answers | undefined;

interface Part {
  answers: Answers;
  withheld: string[];
}

/** Does it travel? What staff may not see stays where it was written. */
const travels = (field: Field) => field.audiences?.includes("staff") ?? true;

/** What goes along with a workbook. */
export function carried(
  own: Definition,
  definitions: Record<string, Definition>,
  answersOf: AnswersOf,
): unknown {
  const { answers, withheld } = forStaff(own, answersOf(own.id) ?? {});
  // Of another workbook: a field that is shown, or the rows of the people who are named.
  const linked: Record<string, Part> = {};
  const kept = (to: string, rows?: Set<string>) => {
    const { workbook, id } = splitReference(to);
    const definition = definitions[workbook];
    if (!definition) return;
    const all = forStaff(definition, answersOf(workbook) ?? {});
    const part = linked[workbook] ?? { answers: {}, withheld: [] };
    linked[workbook] = part;
    const value = all.answers[id];
    part.answers[id] = rows ? ((value ?? []) as Row[]).filter((row) => rows.has(row.id)) : value;
    if (!rows) part.withheld.push(...all.withheld.filter((one) => one.split(".")[0] === id));
  };
  for (const { field } of everywhere(own))
    if ("to" in field && typeof field.to === "string") kept(field.to);
  for (const [from, rows] of peopleNamed(own, answers)) kept(from, rows);
  return worded({ answers, withheld, linked });
}

const fieldsOf = (definition: Definition) =>
  definition.sections.flatMap((section) => section.fields ?? []);

/** Every field, then every column of a table with its table. */
function everywhere(definition: Definition): { field: Field; table?: string }[] {
  return fieldsOf(definition).flatMap((field) => [
    { field },
    ...("columns" in field ? field.columns : []).map((one) => ({
      field: one,
      table: field.id,
    })),
  ]);
}

function forStaff(definition: Definition, answers: Answers): Part {
  const shown: Answers = {};
  const withheld: string[] = [];
  const hide = (place: string, values: unknown[]) => {
    if (!values.every(nothing)) withheld.push(place);
  };
  for (const field of fieldsOf(definition)) {
    const value = answers[field.id];
    if (value === undefined) continue;
    if (!travels(field)) {
      hide(field.id, [value]);
    } else if ("columns" in field) {
      const closed = field.columns.filter((one) => !travels(one)).map((one) => one.id);
      const rows = value as Row[];
      for (const id of closed) {
        hide(
          `${field.id}.${id}`,
          rows.map((row) => row[id]),
        );
      }
      shown[field.id] = rows.map(
        (row) =>
          Object.fromEntries(Object.entries(row).filter(([key]) => !closed.includes(key))) as Row,
      );
    } else {
      shown[field.id] = value;
    }
  }
  return { answers: shown, withheld };
}

/** No answer; null is one: "cannot say". */
const nothing = (value: unknown) =>
  value === undefined ||
  (typeof value === "string" ? trim(value) === "" : `${value}` === "" && value !== null);

/** The rows that person fields name, by the table that they come from. */
function peopleNamed(own: Definition, answers: Answers): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { field, table } of everywhere(own)) {
    if (!("label_column" in field)) continue;
    const here = found.get(field.from) ?? new Set<string>();
    found.set(field.from, here);
    const holders = table ? ((answers[table] ?? []) as Row[]) : [answers];
    for (const holder of holders) {
      for (const one of (holder[field.id] ?? []) as string[]) if (one !== "self") here.add(one);
    }
  }
  return found;
}

/** Without what says nothing: empty texts, empty lists, the empty cells of rows. */
function worded(answers: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answers, (_, value) =>
      value === "" || (Array.isArray(value) && value.length === 0) ? undefined : value,
    ),
  );
}

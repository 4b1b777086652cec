/**
 * What a submission carries, as values: tells whether something has changed since the last one.
 *
 * The server decides (`ustaz.exchange.snapshot`); this says the same, by the same vectors
 * (tests/vectors/submission_content.json): of the own answers what staff may see, of other
 * workbooks the one field that a reference shows and the rows of the people who are named.
 */
import { isBlank } from "./answers";
import { splitReference } from "./definition";
import { visibleRows } from "./kinds/entries";
import type { Answers, Definition, Field, Row } from "./types";

/** The answers of a workbook, where they are known. */
type AnswersOf = (workbook: string) => Answers | undefined;

/** What staff see of one workbook: the answers, and the places that were answered for others. */
interface Projection {
  answers: Answers;
  withheld: string[];
}

/** Everything that a submission of `definition` carries; compare two with `same`. */
export function submissionContent(
  definition: Definition,
  definitions: Record<string, Definition>,
  answersOf: AnswersOf,
): unknown {
  const own = visibleToStaff(definition, answersOf(definition.id) ?? {});
  const linked = linkedContent(definition, own.answers, definitions, answersOf);
  return withoutBlanks({ ...own, linked });
}

/** Of other workbooks: each field that is shown, and the rows of the people who are named. */
function linkedContent(
  definition: Definition,
  answers: Answers,
  definitions: Record<string, Definition>,
  answersOf: AnswersOf,
): Record<string, Projection> {
  const linked: Record<string, Projection> = {};
  const carry = (to: string, rows?: Set<string>) => {
    const { workbook, id } = splitReference(to);
    const other = definitions[workbook];
    if (!other) return;
    const projection = visibleToStaff(other, answersOf(workbook) ?? {});
    const content = linked[workbook] ?? { answers: {}, withheld: [] };
    linked[workbook] = content;
    const value = projection.answers[id];
    content.answers[id] = rows ? ((value ?? []) as Row[]).filter((row) => rows.has(row.id)) : value;
    if (rows) return;
    content.withheld.push(
      ...projection.withheld.filter((place) => place === id || place.startsWith(`${id}.`)),
    );
  };
  for (const { field } of allFields(definition)) {
    const target = shownElsewhere(field);
    if (target) carry(target);
  }
  for (const [from, rows] of peopleUsed(definition, answers)) carry(from, rows);
  return linked;
}

/** The `workbook/field` whose answer a field shows. */
function shownElsewhere(field: Field): string | null | undefined {
  if ("to" in field && typeof field.to === "string") return field.to;
  return "compare" in field ? field.compare : null;
}

const fieldsOf = (definition: Definition) =>
  definition.sections.flatMap((section) => section.fields ?? []);

/** Every field, then every column of a table with its table. */
function allFields(definition: Definition): { field: Field; table?: string }[] {
  return fieldsOf(definition).flatMap((field) => [
    { field },
    ...("columns" in field ? field.columns : []).map((column) => ({
      field: column,
      table: field.id,
    })),
  ]);
}

/** May staff see it? What they may not see stays where it was written. */
const forStaff = (field: Field) => field.audiences?.includes("staff") ?? true;

/** The answers that staff may see, and the places that were answered for other eyes. */
function visibleToStaff(definition: Definition, answers: Answers): Projection {
  const projection: Projection = { answers: {}, withheld: [] };
  const withhold = (place: string, values: unknown[]) => {
    if (values.some(isAnswered)) projection.withheld.push(place);
  };
  for (const field of fieldsOf(definition)) {
    const value = answers[field.id];
    if (value === undefined) continue;
    if (!forStaff(field)) {
      withhold(field.id, [value]);
    } else if ("columns" in field) {
      const closed = field.columns.filter((column) => !forStaff(column)).map(({ id }) => id);
      const rows =
        "readers" in field && field.readers
          ? visibleRows(field.readers, value as Row[], "staff")
          : (value as Row[]);
      if (rows.length < (value as Row[]).length) withhold(field.id, [value]);
      for (const id of closed) {
        const cells = rows.map((row) => row[id]);
        withhold(`${field.id}.${id}`, cells);
      }
      projection.answers[field.id] = rows.map((row) => without(row, closed));
    } else {
      projection.answers[field.id] = value;
    }
  }
  return projection;
}

const without = (row: Row, columns: string[]) =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column))) as Row;

/** A null is the answer "cannot say" of a scale. */
const isAnswered = (value: unknown) => value === null || !isBlank(value);

/** The rows that person fields name, by the table that they come from. */
function peopleUsed(definition: Definition, answers: Answers): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const { field, table } of allFields(definition)) {
    if (!("label_column" in field)) continue;
    const rows = used.get(field.from) ?? new Set<string>();
    used.set(field.from, rows);
    const holders = table ? ((answers[table] ?? []) as Row[]) : [answers];
    for (const holder of holders) {
      for (const id of (holder[field.id] ?? []) as string[]) if (id !== "self") rows.add(id);
    }
  }
  return used;
}

/** Without what says nothing: empty texts, empty lists, the empty cells of rows. */
function withoutBlanks(content: unknown): unknown {
  return JSON.parse(
    JSON.stringify(content, (_, value) =>
      value === "" || (Array.isArray(value) && value.length === 0) ? undefined : value,
    ),
  );
}

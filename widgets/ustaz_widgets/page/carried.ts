/** What a submission carries, as values: tells whether something has changed since the last one. */
import type { Answers, Definition, Field } from "../core/types";
import { splitReference } from "../form/people";

type AnswersOf = (workbook: string) => Answers | undefined;

/** Nobody but its owner sees it, so it is not sent. */
export function isPrivate(field: Field): boolean {
  const seen = field.audiences ?? ["self", "facilitator", "staff"];
  return !seen.includes("staff") && !seen.includes("facilitator");
}

/** The answers that go along, those that are shown from other workbooks included. */
export function carried(
  own: Definition,
  definitions: Record<string, Definition>,
  answersOf: AnswersOf,
): [string, unknown][] {
  const values = (workbook: string, fields: readonly Field[]): [string, unknown][] =>
    fields
      .filter((field) => !isPrivate(field))
      .map((field) => [`${workbook}/${field.id}`, answersOf(workbook)?.[field.id]]);
  return own.sections.flatMap((section) => {
    if (section.embed) {
      const { workbook, id } = splitReference(section.embed);
      const shown = definitions[workbook]?.sections.find((one) => one.id === id);
      return values(workbook, shown?.fields ?? []);
    }
    const fields = section.fields ?? [];
    const shown = fields.flatMap((field): [string, unknown][] => {
      if (field.kind !== "reference") return [];
      const { workbook, id } = splitReference(field.to);
      return [[field.to, answersOf(workbook)?.[id]]];
    });
    return [...values(own.id, fields), ...shown];
  });
}

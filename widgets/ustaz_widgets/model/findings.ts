/**
 * A sentence for a finding. The templates stand once, in `shared/findings.json`; the author
 * of a workbook may have said it better for a rule.
 */
import templates from "../../../shared/findings.json";
import { isDay } from "./dates";
import { fill } from "./i18n";
import { fieldOf } from "./rules";
import type { Definition, Finding, I18n, Params } from "./types";

type Template = string | { one: string; other: string };

export function sentence(finding: Finding, definition: Definition, i18n: I18n): string {
  if (finding.message) return fill(finding.message, inWords(finding, definition, i18n));
  const template = (templates as Record<string, Template>)[finding.rule];
  if (template === undefined) return i18n.t("Please look at this again.");
  const params = inWords(finding, definition, i18n);
  if (typeof template === "string") return i18n.t(template, params);
  // The number that decides the plural is the one that the sentence names first.
  const counted = /\{(\w+)\}/.exec(template.other)?.[1] ?? "count";
  return i18n.n(template.one, template.other, Number(finding.params[counted] ?? 0), params);
}

function inWords(finding: Finding, definition: Definition, i18n: I18n): Params {
  const field = fieldOf(
    definition,
    finding.column ? `${finding.field}.${finding.column}` : finding.field,
  );
  const options = field && "options" in field ? field.options : [];
  const word = (name: string, value: string | number) => {
    if (typeof value === "string" && isDay(value)) return i18n.date(value);
    if (typeof value === "number") return Number.isInteger(value) ? value : i18n.number(value);
    if (name !== "missing") return value;
    const label = (id: string) => options.find((option) => option.id === id)?.label ?? id;
    return value.split(",").map(label).join(", ");
  };
  return Object.fromEntries(
    Object.entries(finding.params).map(([name, value]) => [name, word(name, value)]),
  );
}

/** What a control says of its value: `true` where it cannot be right, nothing where it may stay. */
export const isInvalid = (findings: Finding[]): true | undefined =>
  findings.some(({ kind }) => kind === "problem") || undefined;

/** A workbook's definition as the HTTP API gives it: localised, snake_case as in `workbook.yml`. */

export type Level = "draft" | "ready" | "complete";
export type At = "ready" | "submitted";
export type Audience = "self" | "facilitator" | "group" | "staff" | "network" | "public";

export interface Condition {
  field: string;
  is: string[];
}
export interface Option {
  id: string;
  label: string;
  help?: string | null;
}

interface FieldBase {
  id: string;
  label: string;
  help?: string | null;
  placeholder?: string | null;
  required?: At | null;
  required_when?: (Condition & { at?: At | null }) | null;
  shown_when?: Condition | null;
  audiences?: Audience[];
}
export interface TextField extends FieldBase {
  kind: "text";
  long?: boolean;
  min?: number | null;
  max?: number | null;
}
export interface ChoiceField extends FieldBase {
  kind: "choice";
  options: Option[];
}
export interface ChoicesField extends FieldBase {
  kind: "choices";
  options: Option[];
  min?: number | null;
  max?: number | null;
}
export interface ScaleField extends FieldBase {
  kind: "scale";
  from: number;
  to: number;
  low?: string | null;
  high?: string | null;
  cannot_say?: boolean;
}
export interface DateField extends FieldBase {
  kind: "date";
}
export interface ListField extends FieldBase {
  kind: "list";
  min_items?: number | null;
  max_items?: number | null;
  min?: number | null;
  max?: number | null;
}
export interface TableField extends FieldBase {
  kind: "table";
  columns: Field[];
  min_rows?: number | null;
  max_rows?: number | null;
  row_name?: string | null;
  component?: string | null;
}
export interface ReferenceField extends FieldBase {
  kind: "reference";
  /** `workbook/field` */
  to: string;
}
export interface PersonField extends FieldBase {
  kind: "person";
  /** `workbook/table` that holds the contacts. */
  from: string;
  label_column: string;
  many?: boolean;
  self?: boolean;
}
export interface ConfirmationField extends FieldBase {
  kind: "confirmation";
  by: "facilitator" | "school_link";
}
export type Field =
  | TextField
  | ChoiceField
  | ChoicesField
  | ScaleField
  | DateField
  | ListField
  | TableField
  | ReferenceField
  | PersonField
  | ConfirmationField;
export type Kind = Field["kind"];

export interface Example {
  person?: string | null;
  situation?: string | null;
  answers: Record<string, unknown>;
  why?: string | null;
}
export interface Section {
  id: string;
  title: string;
  minutes?: number | null;
  points?: number;
  guidance?: string | null;
  example?: Example | null;
  /** `workbook/section` shown here instead of fields of its own. */
  embed?: string | null;
  fields?: Field[];
}
export interface Rule {
  id: string;
  kind: "date_order" | "date_within" | "not_future" | "covers" | "at_least" | "unique" | "advise";
  at?: At | null;
  message?: string | null;
  first?: string;
  then?: string;
  dates?: string[];
  from?: string;
  to?: string;
  column?: string;
  all?: string[];
  any?: string[];
  fields?: string[];
  count?: number;
  field?: string;
  at_most?: number | null;
  at_least?: number | null;
}
export interface Definition {
  id: string;
  code?: string;
  version: string;
  title: string;
  summary?: string | null;
  minutes?: number | null;
  companion?: boolean;
  sections: Section[];
  rules?: Rule[];
  /** Questions that the facilitator or the course staff may not read, embedded ones included. */
  closed?: { label: string; facilitator: boolean; staff: boolean }[];
}

/** The workbook and the field, section or table that `workbook/id` names. */
export function splitReference(to: string): { workbook: string; id: string } {
  const [workbook = "", id = ""] = to.split("/");
  return { workbook, id };
}

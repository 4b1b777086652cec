/** A workbook's definition as the HTTP API gives it: localised, snake_case as in `workbook.yml`. */

import type { At, Audience } from "./field-base";
import type { Field } from "./kinds";

export type { At, Audience, Condition, Level, Option } from "./field-base";
export type {
  ChoiceField,
  ChoicesField,
  ConfirmationField,
  DateField,
  EntriesField,
  Field,
  FileField,
  Kind,
  LevelsField,
  ListField,
  MapSettings,
  PersonField,
  RatingsField,
  ReferenceField,
  RowField,
  ScaleField,
  TableField,
  TextField,
} from "./kinds";

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
  weak_example?: Example | null;
  /** `workbook/section` shown here instead of fields of its own. */
  embed?: string | null;
  /** What the server draws before everything else. */
  opens_with?: string | null;
  /** Its fields make a poster, which has a page of its own. */
  poster?: boolean;
  fields?: Field[];
}
/** What holds of a row: a rating within bounds, or one of some options. */
export interface Test {
  column: string;
  at_least: number | null;
  at_most: number | null;
  any: string[];
}
export interface Rule {
  id: string;
  kind:
    | "date_order"
    | "date_within"
    | "not_future"
    | "covers"
    | "at_least"
    | "distinct"
    | "unique"
    | "advise"
    | "suggest"
    | "follow_up";
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
  each?: string[];
  fields?: string[];
  count?: number;
  of?: string | null;
  after?: number | null;
  rows?: number | null;
  most?: number | null;
  different?: number | null;
  where?: Test[];
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
  part?: string;
  purpose?: string;
  visibility?: Audience[];
  retention?: number;
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

/** The definitions of what a page asks itself: its workbook and those of embedded sections. */
export function askedHere(
  definitions: Record<string, Definition>,
  workbook: string,
): Record<string, Definition> {
  const own = definitions[workbook];
  const embedded = own?.sections.flatMap(({ embed }) => embed?.split("/")[0] ?? []) ?? [];
  return Object.fromEntries(
    [workbook, ...embedded].map((id) => [id, definitions[id] as Definition]),
  );
}

/** Is there a field in some workbooks of which this holds? */
export function someField(
  definitions: Record<string, Definition>,
  holds: (field: Field) => boolean,
): boolean {
  const sections = Object.values(definitions).flatMap((definition) => definition.sections);
  return sections.some((section) => (section.fields ?? []).some(holds));
}

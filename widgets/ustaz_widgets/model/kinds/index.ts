/** Kinds of fields, one module a kind. Nothing outside asks for a kind by its name. */
import { type KindRules, register } from "./base";
import { type ChoiceField, type ChoicesField, choice, choices } from "./choice";
import { type DateField, date } from "./date";
import { type ConfirmationField, confirmation, type ReferenceField, reference } from "./elsewhere";
import { type EntriesOf, entries } from "./entries";
import { type FileField, file } from "./file";
import { type Levels, type LevelsField, levels } from "./levels";
import { type ListField, list } from "./list";
import { type NumberField, number, parsedNumber } from "./number";
import { type PersonField, person } from "./person";
import { type Ratings, type RatingsField, ratings } from "./ratings";
import { type RowField, row } from "./row";
import { type ScaleField, scale } from "./scale";
import { type MapSettings, type TableOf, table } from "./table";
import { type TextField, text } from "./text";

export type Field =
  | TextField
  | ChoiceField
  | ChoicesField
  | ScaleField
  | RatingsField
  | LevelsField
  | NumberField
  | DateField
  | ListField
  | FileField
  | TableField
  | EntriesField
  | ReferenceField
  | PersonField
  | RowField
  | ConfirmationField;
export type Kind = Field["kind"];
export interface TableField extends TableOf<Field> {
  kind: "table";
}
export interface EntriesField extends EntriesOf<Field> {
  kind: "entries";
}

/** Every kind has rules that fit it: the type of this constant asks for them. */
const KINDS: { [K in Kind]: KindRules<Extract<Field, { kind: K }>> } = {
  text,
  choice,
  choices,
  scale,
  ratings,
  levels,
  number,
  date,
  list,
  file,
  table,
  entries,
  reference,
  person,
  row,
  confirmation,
};
register(KINDS);

export { isEmpty, type Limit, rulesOf, serves } from "./base";
export { rowFilled } from "./table";
export type {
  ChoiceField,
  ChoicesField,
  ConfirmationField,
  DateField,
  FileField,
  Levels,
  LevelsField,
  ListField,
  MapSettings,
  NumberField,
  PersonField,
  Ratings,
  RatingsField,
  ReferenceField,
  RowField,
  ScaleField,
  TextField,
};
export { parsedNumber };

/** What kinds of fields show, one module a kind; the order is that of the model's kinds. */
import type { Field, Kind } from "../../model/types";
import { arriving } from "./arriving";
import { type FormKind, register } from "./base";
import { choice, choices } from "./choice";
import { confirmation } from "./confirmation";
import { date } from "./date";
import { list } from "./list";
import { person } from "./person";
import { reference } from "./reference";
import { scale } from "./scale";
import { table } from "./table";
import { text } from "./text";

/** Each kind of the model, with what fits it. */
const KINDS: { [K in Kind]: FormKind<Extract<Field, { kind: K }>> } = {
  text,
  choice,
  choices,
  scale,
  ratings: arriving("ratings"),
  levels: arriving("levels"),
  number: arriving("number", { single: true }),
  date,
  list,
  file: arriving("file"),
  table,
  entries: arriving("entries", { whole: true }),
  reference,
  person,
  row: arriving("row"),
  confirmation,
};
register(KINDS);

export { formOf, type ReadingProps } from "./base";

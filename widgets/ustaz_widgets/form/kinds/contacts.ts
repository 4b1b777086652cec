/** Contacts that a person field offers: the rows of a table, in this or a linked workbook. */
import { rowsOf } from "../../model/changes";
import { splitReference } from "../../model/definition";
import type { PersonField, TableField } from "../../model/types";
import type { Store } from "../../sync/types";
import type { Ctx } from "../types";

export interface ContactTable {
  store: Store;
  table: TableField;
}

/** Where the contacts are kept; undefined when the host did not bring that workbook along. */
export function contactTable(field: PersonField, ctx: Ctx): ContactTable | undefined {
  const { workbook, id } = splitReference(field.from);
  const store = ctx.stores[workbook];
  const table = ctx.definitions[workbook]?.sections
    .flatMap((section) => section.fields ?? [])
    .find((candidate) => candidate.id === id);
  return store && table && "columns" in table ? { store, table: table as TableField } : undefined;
}

/** Names by row id, in the order of the list. A contact without a name yet is left out. */
export function people(field: PersonField, ctx: Ctx): Map<string, string> {
  const source = contactTable(field, ctx);
  const names = new Map<string, string>();
  if (!source) return names;
  for (const row of rowsOf(source.store.answers, source.table.id)) {
    const name = row[field.label_column];
    if (typeof name === "string" && name.trim() !== "") names.set(row.id, name.trim());
  }
  return names;
}

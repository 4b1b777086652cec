import type { Row } from "../answers";
import type { FieldBase } from "../field-base";
import { type KindRules, rules } from "./base";
import { type TableOf, table } from "./table";

/** A table whose rows have a day and readers of their own; one without readers is private. */
export interface EntriesOf<F extends FieldBase> extends Omit<TableOf<F>, "kind"> {
  kind: "entries";
  /** The column that names the readers of a row. */
  readers: string;
}

/** The rows that an audience may see. */
export function visibleRows(readers: string, rows: readonly Row[], audience: string): Row[] {
  return rows.filter((row) => ((row[readers] ?? []) as string[]).includes(audience));
}

export const entries: KindRules<EntriesOf<FieldBase>> = rules({
  isEmpty: (field, holder, context) => table.isEmpty(asTable(field), holder, context),
  limits(field, value, context) {
    const limits = table.limits(asTable(field), value, context);
    // Who does not see every entry cannot say that there are too few.
    const some = context.withheld?.includes(field.id);
    return some ? limits.filter(({ kind }) => kind !== "missing") : limits;
  },
});

const asTable = (field: EntriesOf<FieldBase>) => field as unknown as TableOf<FieldBase>;

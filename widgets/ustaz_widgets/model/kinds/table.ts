import type { Row, RuleContext } from "../answers";
import type { FieldBase } from "../field-base";
import { isEmpty, type KindRules, type Limit, rules, size } from "./base";

/** How rows are drawn on a map: which columns say where they stand, and in which form. */
export interface MapSettings {
  x: string;
  y: string;
  mark: string;
  name: string;
  x_name: string;
  y_name: string;
  /** Above left and right, below left and right; empty where there are no words. */
  corners: string[];
}
/** `F` is what a column may be; the package closes the circle with its union of kinds. */
export interface TableOf<F extends FieldBase> extends FieldBase {
  kind: "table";
  columns: F[];
  min_rows?: number | null;
  max_rows?: number | null;
  row_name?: string | null;
  component?: string | null;
  map?: MapSettings;
  /** Of entries: the column that names the readers of a row. */
  readers?: string;
}

/** Does a row hold an answer? One whose cells were kept back may. */
export function rowFilled(table: TableOf<FieldBase>, row: Row, context: RuleContext): boolean {
  const kept = table.columns.some(({ id }) => context.withheld?.includes(`${table.id}.${id}`));
  // A day and readers alone say nothing.
  const added = table.readers ? ["date", table.readers] : [];
  return (
    kept ||
    table.columns.some((column) => !added.includes(column.id) && !isEmpty(column, row, context))
  );
}

export const table: KindRules<TableOf<FieldBase>> = rules({
  isEmpty: (field, holder, context) =>
    !((holder[field.id] ?? []) as Row[]).some((row) => rowFilled(field, row, context)),
  limits(field, value, context) {
    const rows = value as Row[];
    const max = field.max_rows;
    const limits: Limit[] = [];
    if (max != null && rows.length > max) {
      limits.push({ rule: "max_items", kind: "problem", params: { max } });
    }
    const filled = rows.filter((row) => rowFilled(field, row, context)).length;
    return [...limits, ...size(filled, field.min_rows)];
  },
});

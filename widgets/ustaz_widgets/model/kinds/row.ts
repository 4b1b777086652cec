import type { Row } from "../answers";
import type { FieldBase } from "../field-base";
import { type KindRules, rules } from "./base";

export interface RowField extends FieldBase {
  kind: "row";
  /** `workbook/table` whose rows are chosen from; they are written there only. */
  from: string;
  label_column: string;
  many?: boolean;
}

export const row: KindRules<RowField> = rules({
  posted(_, texts) {
    const chosen = [...new Set(texts.filter((text) => text !== ""))];
    return chosen.length > 0 ? chosen : undefined;
  },
  limits(field, value, context) {
    const [workbook = "", table = ""] = field.from.split("/");
    const linked = context.linked?.[workbook];
    if (!linked) return [];
    const known = new Set(((linked[table] ?? []) as Row[]).map(({ id }) => id));
    const all = (value as string[]).every((id) => known.has(id));
    return all ? [] : [{ rule: "unknown_row", kind: "problem" }];
  },
});

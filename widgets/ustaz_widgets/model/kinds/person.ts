import type { Row } from "../answers";
import type { FieldBase } from "../field-base";
import { type KindRules, rules } from "./base";

export interface PersonField extends FieldBase {
  kind: "person";
  /** `workbook/table` that holds the contacts. */
  from: string;
  label_column: string;
  many?: boolean;
  self?: boolean;
}

export const person: KindRules<PersonField> = rules({
  roles: ["people"],
  posted(_, texts) {
    const chosen = [...new Set(texts.filter((text) => text !== ""))];
    return chosen.length > 0 ? chosen : undefined;
  },
  limits(field, value, context) {
    const [workbook = "", table = ""] = field.from.split("/");
    const linked = context.linked?.[workbook];
    if (!linked) return [];
    const rows = (linked[table] ?? []) as Row[];
    const known = new Set(["self", ...rows.map((row) => row.id)]);
    const all = (value as string[]).every((id) => known.has(id));
    return all ? [] : [{ rule: "unknown_person", kind: "problem" }];
  },
});

import type { FieldBase } from "../field-base";
import { type KindRules, rules } from "./base";

export interface DateField extends FieldBase {
  kind: "date";
}

export const date: KindRules<DateField> = rules({ roles: ["date", "unique"] });

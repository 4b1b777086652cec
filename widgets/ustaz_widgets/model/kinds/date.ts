import type { FieldBase } from "../field-base";
import { type KindRules, rules } from "./base";

export interface DateField extends FieldBase {
  kind: "date";
}

/** As people here write a date: "5.10.2026"; a browser without a control for dates posts it so. */
const WRITTEN = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/;

export const date: KindRules<DateField> = rules({
  roles: ["date", "unique"],
  posted(_, texts) {
    const text = (texts.at(-1) ?? "").trim();
    const [, day = "", month = "", year = ""] = WRITTEN.exec(text) ?? [];
    const turned = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : text;
    return turned || undefined;
  },
});

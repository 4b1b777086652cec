import type { FieldBase, Option } from "../field-base";
import { type KindRules, rules, size } from "./base";

export interface ChoiceField extends FieldBase {
  kind: "choice";
  options: Option[];
}
export interface ChoicesField extends FieldBase {
  kind: "choices";
  options: Option[];
  min?: number | null;
  max?: number | null;
}

export const choice: KindRules<ChoiceField> = rules({ roles: ["option", "options", "unique"] });

export const choices: KindRules<ChoicesField> = rules({
  roles: ["options"],
  limits: (field, value) => size((value as string[]).length, field.min, field.max),
  posted({ options }, texts) {
    // In the order of the definition, so that equal choices are equal answers.
    const chosen = options.map(({ id }) => id).filter((id) => texts.includes(id));
    return chosen.length > 0 ? chosen : undefined;
  },
});

/** What is shown here and written elsewhere. */
import { isBlank } from "../answers";
import type { FieldBase } from "../field-base";
import { type KindRules, rules } from "./base";

export interface ReferenceField extends FieldBase {
  kind: "reference";
  /** `workbook/field` */
  to: string;
}
export interface ConfirmationField extends FieldBase {
  kind: "confirmation";
  by: "facilitator" | "school_link";
}

export const reference: KindRules<ReferenceField> = rules({
  stored: false,
  missing: "reference_empty",
  isEmpty(field, _, context) {
    const [workbook = "", name = ""] = field.to.split("/");
    return isBlank(context.linked?.[workbook]?.[name]);
  },
});

/** The word of another party; never asked of the writer. */
export const confirmation: KindRules<ConfirmationField> = rules({ stored: false });

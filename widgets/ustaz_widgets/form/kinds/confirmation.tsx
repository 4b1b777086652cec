/** What somebody else says about this document; nobody ticks it for themselves. */

import { languageByLetters } from "../../model/letters";
import type { ConfirmationField, Path } from "../../model/types";
import { fieldId } from "../ids";
import type { Ctx } from "../types";
import type { FormKind } from "./base";

export function ConfirmationValue(props: { field: ConfirmationField; path: Path; ctx: Ctx }) {
  const { field, path, ctx } = props;
  const { t } = ctx;
  const id = fieldId(ctx, path);
  const standing = ctx.confirmations.find((line) => line.field === field.id && line.value);
  const who = standing?.by_name ?? standing?.by ?? "";
  return (
    // biome-ignore lint/a11y/useSemanticElements: nothing can be filled in here
    <div
      class="uz-field uz-field--confirmation"
      id={id}
      role="group"
      aria-labelledby={`${id}-label`}
      tabIndex={-1}
    >
      <p class="uz-label" id={`${id}-label`}>
        {field.label}
      </p>
      {field.help && ctx.mode === "edit" ? <p class="uz-help">{field.help}</p> : null}
      {standing ? (
        <p class="uz-value">
          <span aria-hidden="true">✓ </span>
          {standing.own_word === false ? t("Written down by") : t("Confirmed by")}{" "}
          <bdi lang={languageByLetters(who, ctx.lang)}>{who}</bdi>
          {standing.at ? <>, {ctx.date(standing.at)}</> : null}
        </p>
      ) : (
        <p class="uz-value uz-none">
          {ctx.mode === "read"
            ? t("Not confirmed yet")
            : field.by === "facilitator"
              ? t("Not yet. Your facilitator records it here when you have talked about it.")
              : t(
                  "Not yet. Your school leader link records it here when you have talked about it.",
                )}
        </p>
      )}
    </div>
  );
}

export const confirmation: FormKind<ConfirmationField> = {
  Whole: ConfirmationValue,
  Reading: () => null,
};

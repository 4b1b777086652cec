/** A scale with words at its ends, and "cannot say" as an answer of its own. */
import type { ScaleField } from "../../model/types";
import type { ControlProps } from "../control";
import type { Ctx } from "../types";
import type { FormKind } from "./base";
import { ClearAnswer } from "./choice";

export function ScaleInput({ field, id, value, ctx, set }: ControlProps<ScaleField>) {
  const { t } = ctx;
  const steps = Array.from({ length: field.to - field.from + 1 }, (_, at) => field.from + at);
  const words = (step: number) =>
    step === field.from ? field.low : step === field.to ? field.high : null;
  return (
    <>
      <div class="uz-scale">
        {steps.map((step) => (
          <div class="uz-step" key={step}>
            <input
              type="radio"
              id={`${id}-${step}`}
              name={id}
              checked={value === step}
              onChange={() => set(step)}
            />
            <label for={`${id}-${step}`}>
              {step}
              {words(step) ? <span class="uz-step-words">{words(step)}</span> : null}
            </label>
          </div>
        ))}
        {field.cannot_say ? (
          <div class="uz-step uz-step--wide">
            <input
              type="radio"
              id={`${id}-none`}
              name={id}
              checked={value === null}
              onChange={() => set(null)}
            />
            <label for={`${id}-none`}>{t("Cannot say")}</label>
          </div>
        ) : null}
      </div>
      {value !== undefined && <ClearAnswer ctx={ctx} set={set} />}
    </>
  );
}

function scaleWords(field: ScaleField, value: number, ctx: Ctx): string {
  const words = value === field.from ? field.low : value === field.to ? field.high : null;
  const figure = ctx.t("{value} of {to}", { value, to: field.to });
  return words ? `${figure} (${words})` : figure;
}

export const scale: FormKind<ScaleField> = {
  Control: ScaleInput,
  Reading: ({ field, value, ctx }) => (
    <span>{value === null ? ctx.t("Cannot say") : scaleWords(field, Number(value), ctx)}</span>
  ),
};

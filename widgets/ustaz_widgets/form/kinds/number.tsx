/** A number, typed as people write it; what is no number yet is kept as it was typed. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { NumberField } from "../../model/kinds";
import { parsedNumber } from "../../model/kinds";
import { numberText } from "../../model/numbers";
import type { ControlProps } from "../control";
import { takeOver } from "../take-over";
import type { Ctx } from "../types";
import { arrived } from "./arriving";

/** The most that is kept of a text that is no number. */
const LONGEST = 40;

/** What stands in the control: the number without its spaces, so that it can be typed over. */
const inControl = (value: unknown, lang: string) =>
  typeof value === "number"
    ? numberText(value, lang)
        .replace(/\u00a0/g, "")
        .replace("\u2212", "-")
    : typeof value === "string"
      ? value
      : "";

/** The keys that a phone shows. Those of numbers have no minus on some phones. */
function inputMode({ min, decimals }: NumberField): "text" | "decimal" | "numeric" {
  if (min != null && min < 0) return "text";
  return decimals > 0 ? "decimal" : "numeric";
}

function NumberInput(props: ControlProps<NumberField>) {
  const { field, id, value, ctx, describedby, invalid, set } = props;
  const control = useRef<HTMLInputElement>(null);
  const text = inControl(value, ctx.lang);
  useLayoutEffect(() => {
    const element = control.current;
    // While it is typed in, "12," stays: it is on its way to "12,5".
    if (takeOver.running || !element || element.value === text) return;
    const typed = element.value.trim();
    const same = typed !== "" && (parsedNumber(typed, ctx.lang) ?? typed) === value;
    if (!(same && document.activeElement === element)) element.value = text;
  }, [text, value]);
  const typed = (element: HTMLInputElement) => {
    const written = element.value.trim().normalize("NFC");
    set(written === "" ? undefined : (parsedNumber(written, ctx.lang) ?? written));
  };
  return (
    <span>
      <input
        ref={control}
        id={id}
        class="uz-input uz-input--short"
        type="text"
        inputMode={inputMode(field)}
        autocomplete="off"
        maxLength={LONGEST}
        aria-describedby={field.unit ? `${id}-unit ${describedby ?? ""}`.trim() : describedby}
        aria-invalid={invalid}
        placeholder={field.placeholder ?? undefined}
        onInput={(event) => typed(event.currentTarget)}
        onBlur={(event) => {
          event.currentTarget.value = inControl(value, ctx.lang);
        }}
      />{" "}
      {field.unit ? <span id={`${id}-unit`}>{field.unit}</span> : null}
    </span>
  );
}

function words(field: NumberField, value: unknown, ctx: Ctx): string {
  if (typeof value !== "number") return String(value);
  const figure = numberText(value, ctx.lang);
  return field.unit ? `${figure}\u00a0${field.unit}` : figure;
}

arrived<NumberField>("number", {
  single: true,
  Control: NumberInput,
  Reading: ({ field, value, ctx }) => <bdi>{words(field, value, ctx)}</bdi>,
  brief: words,
});

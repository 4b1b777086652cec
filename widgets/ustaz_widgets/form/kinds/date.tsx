/** A date: the browser's own control, and the date in words of the reader's language. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { isDay } from "../../model/dates";
import type { DateField } from "../../model/types";
import type { ControlProps } from "../control";
import { takeOver } from "../take-over";
import type { FormKind } from "./base";

export function DateInput(props: ControlProps<DateField>) {
  const { id, value, ctx, describedby, invalid, set } = props;
  const { t } = ctx;
  const day = typeof value === "string" ? value : "";
  const control = useRef<HTMLInputElement>(null);
  const [partial, setPartial] = useState(false);
  useLayoutEffect(() => {
    const element = control.current;
    // A date that is being typed is not touched; its parts would be wiped.
    if (takeOver.running) return;
    if (element && element.value !== day && document.activeElement !== element) element.value = day;
  }, [day]);
  const input = (element: HTMLInputElement) => {
    const typed = element.value;
    // Half a date reads as empty: that is no reason to forget the one kept before.
    if (typed === "" && element.validity?.badInput) return;
    if (typed === "") set(undefined);
    else if (isDay(typed)) set(typed);
  };
  const left = (element: HTMLInputElement) => {
    const bad =
      element.validity?.badInput === true || (element.value !== "" && !isDay(element.value));
    setPartial(bad);
    if (!bad && element.value !== day) element.value = day;
  };
  return (
    <>
      <input
        ref={control}
        id={id}
        class="uz-input uz-input--date"
        type="date"
        min="1990-01-01"
        max="2199-12-31"
        aria-describedby={`${describedby ?? ""} ${id}-words`.trim()}
        aria-invalid={invalid || partial || undefined}
        onInput={(event) => input(event.currentTarget)}
        onBlur={(event) => left(event.currentTarget)}
      />
      <p class="uz-count" id={`${id}-words`}>
        {partial ? t("Day, month and year are needed.") : day ? ctx.date(day) : ""}
      </p>
    </>
  );
}

export const date: FormKind<DateField> = {
  single: true,
  Control: DateInput,
  Reading: ({ value, ctx }) => <time dateTime={String(value)}>{ctx.date(String(value))}</time>,
  brief: (_, value, ctx) => ctx.shortDate(String(value)),
};

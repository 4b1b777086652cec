/** Short and long text, with a calm count of characters as a person sees them. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { graphemes } from "../../model/graphemes";
import type { TextField } from "../../model/types";
import type { ControlProps } from "../control";
import { takeOver } from "../take-over";
import type { Ctx } from "../types";
import { UserText } from "../user-text";
import type { FormKind } from "./base";

type Control = HTMLInputElement | HTMLTextAreaElement;

export function TextInput(props: ControlProps<TextField>) {
  const { field, id, value, ctx, describedby, invalid, set } = props;
  const text = typeof value === "string" ? value : "";
  return (
    <>
      <PlainText
        id={id}
        text={text}
        long={field.long === true}
        lang={ctx.writing}
        describedby={describedby}
        invalid={invalid}
        placeholder={field.placeholder}
        grows={grows(field)}
        rows={(field.max ?? 0) > 250 ? 5 : 3}
        onText={(next) => set(next === "" ? undefined : next)}
      />
      <Count id={`${id}-count`} field={field} text={text} ctx={ctx} />
    </>
  );
}

interface PlainProps {
  id: string;
  text: string;
  long?: boolean;
  /** One line of thought, on as many lines of the screen as it needs: a phone shows 30 characters. */
  grows?: boolean;
  lang: string;
  describedby?: string | undefined;
  invalid?: true | undefined;
  label?: string;
  placeholder?: string | null | undefined;
  rows?: number;
  onText: (text: string) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** More than this does not fit into one line of a phone, whatever the letters. */
const ONE_LINE = 60;

export function grows(field: { max?: number | null }): boolean {
  return (field.max ?? 0) > ONE_LINE;
}

/** As high as its text, where the browser does not know how (`field-sizing`). */
function fit(element: Control): void {
  if (globalThis.CSS?.supports?.("field-sizing", "content")) return;
  element.style.height = "auto";
  const { scrollHeight, offsetHeight, clientHeight } = element;
  element.style.height = `${scrollHeight + offsetHeight - clientHeight}px`;
}

/**
 * A text control that never loses what was typed.
 *
 * The element keeps its own text: it is written to only when the kept text is really another one
 * (not merely composed differently), so the caret and an unfinished composition stay.
 */
export function PlainText(props: PlainProps) {
  const { id, text, long, lang, describedby, label, placeholder, rows, onText, onKeyDown } = props;
  const line = props.grows === true && !long;
  const control = useRef<Control>(null);
  useLayoutEffect(() => {
    const element = control.current;
    if (takeOver.running) return;
    if (!element || element.value.normalize("NFC") === text.normalize("NFC")) return;
    const focused = document.activeElement === element;
    const [start, end] = [element.selectionStart, element.selectionEnd];
    element.value = text;
    if (focused && start !== null && end !== null) element.setSelectionRange(start, end);
  }, [text]);
  useLayoutEffect(() => {
    if (line && control.current) fit(control.current);
  }, [line, text]);
  const input = (event: Event) => {
    const element = event.currentTarget as Control;
    const { value, selectionStart } = element;
    // A pasted line break is a space, as in a control of one line.
    const written = line ? value.replaceAll("\n", " ") : value;
    if (written !== value) {
      element.value = written;
      element.setSelectionRange(selectionStart, selectionStart);
    }
    onText(written);
  };
  const common = {
    id,
    lang,
    dir: "auto" as const,
    class: line ? "uz-input uz-input--line" : "uz-input",
    "aria-describedby": describedby,
    "aria-label": label,
    "aria-invalid": props.invalid,
    placeholder: placeholder ?? undefined,
    onInput: input,
    onKeyDown: (event: KeyboardEvent) => {
      onKeyDown?.(event);
      if (line && event.key === "Enter" && !event.isComposing) event.preventDefault();
    },
  };
  if (long || line) {
    return <textarea {...common} ref={control as never} rows={line ? 1 : rows} spellcheck={true} />;
  }
  return (
    <input {...common} ref={control as never} type="text" autocomplete="off" spellcheck={true} />
  );
}

export function Count(props: {
  id: string;
  field: { min?: number | null; max?: number | null };
  text: string;
  ctx: Ctx;
}) {
  const { id, field, text, ctx } = props;
  const { min, max } = field;
  if (!min && !max) return null;
  return (
    <p class="uz-count" id={id}>
      {countWords(graphemes(text), min ?? 0, max ?? 0, ctx)}
    </p>
  );
}

function countWords(count: number, min: number, max: number, { t, n }: Ctx): string {
  if (max && count > max) {
    return n(
      "{total} characters: {count} more than fits",
      "{total} characters: {count} more than fit",
      count - max,
      { total: count },
    );
  }
  if (count < min) {
    return max
      ? t("{count} characters; from {min} to {max} is a good length", { count, min, max })
      : t("{count} characters; {min} or more is a good length", { count, min });
  }
  if (!max) return n("{count} character", "{count} characters", count);
  return t("{count} of {max} characters", { count, max });
}

/** Text without the count until the limit comes near: fifteen counts are noise. */
function NarrowText(props: ControlProps<TextField>) {
  const { field, id, value, ctx, describedby, invalid, set } = props;
  const text = typeof value === "string" ? value : "";
  const near = field.max ? graphemes(text) > field.max * 0.8 : false;
  return (
    <>
      <PlainText
        id={id}
        text={text}
        long={field.long === true}
        grows={grows(field)}
        lang={ctx.writing}
        describedby={near ? `${describedby} ${id}-count` : describedby}
        invalid={invalid}
        placeholder={field.placeholder}
        rows={2}
        onText={(next) => set(next === "" ? undefined : next)}
      />
      {near ? (
        <Count id={`${id}-count`} field={{ max: field.max ?? null }} text={text} ctx={ctx} />
      ) : null}
    </>
  );
}

export const text: FormKind<TextField> = {
  single: true,
  words: true,
  Control: TextInput,
  Narrow: NarrowText,
  count: (field) => Boolean(field.min || field.max),
  Reading: ({ value, ctx, lang }) => (
    <UserText text={String(value)} i18n={ctx} {...(lang ? { lang } : {})} />
  ),
};

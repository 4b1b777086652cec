/**
 * The form as the server drew it, and what somebody typed into it before this script came.
 *
 * Each control says what it was drawn with (`defaultValue` and its like) and what stands in it now:
 * the difference is theirs.
 */
import { kept } from "../form/opening";
import { rulesOf } from "../model/kinds";
import { END } from "../model/kinds/base";
import { fieldOf } from "../model/rules";
import type { Change, Definition, Field, Path, Value } from "../model/types";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Typed {
  workbook: string;
  change: Change;
  label: string;
}

/** Names of the form that are no answers. */
const WRITING = "writing";

interface Texts {
  drawn: string[];
  now: string[];
}

function textsOf(control: Control): Texts {
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    const first = options.slice(0, 1);
    const drawn = options.filter((option) => option.defaultSelected);
    return {
      drawn: (drawn.length > 0 ? drawn : first).map((option) => option.value),
      now: [control.value],
    };
  }
  if (control.type === "radio" || control.type === "checkbox") {
    const { checked, defaultChecked, value } = control as HTMLInputElement;
    return { drawn: defaultChecked ? [value] : [], now: checked ? [value] : [] };
  }
  return { drawn: [control.defaultValue], now: [control.value] };
}

const same = (left: string[], right: string[]) =>
  left.length === right.length && left.every((text, at) => text === right[at]);

/** Parts of an answer post each for itself; together they are texts of one field. */
function grouped(posts: string, texts: Texts, definitions: Record<string, Definition>) {
  const [of = "", id = "", ...rest] = posts.split("/");
  const field = definitions[of] && fieldOf(definitions[of], id);
  if (!field || "columns" in field || rest.length === 0) return { name: posts, texts };
  const part = (text: string) => `${rest.join("/")}:${text}`;
  const name = `${of}/${id}`;
  return { name, texts: { drawn: texts.drawn.map(part), now: texts.now.map(part) } };
}

/** What was typed into the form, as changes to the workbooks that it shows. */
export function typedIn(
  form: HTMLFormElement,
  definitions: Record<string, Definition>,
  workbook: string,
  lang: string,
): Typed[] {
  const names = new Map<string, Texts>();
  for (const element of form.elements) {
    const { name: posts } = element as Control;
    if (!posts || element instanceof HTMLButtonElement || posts.endsWith(END)) continue;
    const { name, texts } = grouped(posts, textsOf(element as Control), definitions);
    const known = names.get(name);
    if (known) {
      known.drawn.push(...texts.drawn);
      known.now.push(...texts.now);
    } else names.set(name, texts);
  }
  const typed: Typed[] = [];
  for (const [name, { drawn, now }] of names) {
    if (same(drawn, now)) continue;
    if (name === WRITING) {
      const value = now.at(-1) ?? "";
      typed.push({ workbook, change: { op: "lang", value } as Change, label: "" });
      continue;
    }
    const [of = "", ...path] = name.split("/");
    const where = path.length === 3 ? `${path[0]}.${path[2]}` : (path[0] ?? "");
    const field = definitions[of] ? fieldOf(definitions[of], where) : undefined;
    if (!field) continue;
    typed.push({ workbook: of, change: changeOf(field, path, now, lang), label: field.label });
  }
  return typed;
}

function changeOf(field: Field, path: Path, texts: string[], lang: string): Change {
  const value = rulesOf(field).posted(field, texts, lang) as Value | undefined;
  return value === undefined ? { op: "clear", path } : { op: "set", path, value };
}

/** Make what the server drew ready to be taken over by elements of the same order. */
export function prepare(el: Element, form: HTMLFormElement, state: string): void {
  for (const control of form.elements) {
    // What stands in a text area is its text from now on, and no longer its child.
    // biome-ignore lint/correctness/noSelfAssign: it marks the value as the control's own
    if (control instanceof HTMLTextAreaElement) control.value = control.value;
  }
  // From now on it speaks of what stands on the page, and not only of what was saved by a press.
  el.querySelector(".uz-state")?.classList.add(`uz-state--${state}`);
  // What only the server draws is put back as it is.
  for (const frame of el.querySelectorAll("[data-kept]")) {
    kept.set(frame.id, [...frame.childNodes]);
    frame.replaceChildren();
  }
  // A field that is drawn with other elements is drawn anew, within its frame.
  for (const frame of el.querySelectorAll("[data-redraw]")) frame.replaceChildren();
}

/** Where the caret is, to be put back should the control be drawn anew. */
export interface Caret {
  id: string;
  path: Path;
  start: number | null;
  end: number | null;
}

export function caretIn(el: Element): Caret | null {
  const active = document.activeElement as Control | null;
  if (!active || !el.contains(active) || !active.id) return null;
  const path = (active.name ?? "").split("/").slice(1);
  const text = active as HTMLInputElement;
  const able = active instanceof HTMLTextAreaElement || text.type === "text";
  return {
    id: active.id,
    path,
    start: able ? text.selectionStart : null,
    end: able ? text.selectionEnd : null,
  };
}

/** Put the caret back where it was, if drawing has taken it away. */
export function putCaret(caret: Caret, reveal: (path: Path) => boolean): void {
  const { id, path, start, end } = caret;
  if (document.activeElement?.id === id) return;
  const again = document.getElementById(id);
  if (again) again.focus({ preventScroll: true });
  else if (path.length > 0 && !reveal(path)) return;
  const control = document.activeElement as HTMLInputElement | null;
  if (start !== null && end !== null && control && "setSelectionRange" in control) {
    control.setSelectionRange(start, end);
  }
}

/** A list of short texts: add, remove and reorder, by keyboard too. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { same } from "../../model/changes";
import type { ListField } from "../../model/types";
import type { ControlProps } from "../control";
import { Most } from "../row-notes";
import { UserText } from "../user-text";
import { entries, type FormKind } from "./base";
import { Count, grows, PlainText } from "./text";

interface Item {
  key: number;
  text: string;
}
const MOST = 50;
const texts = (items: Item[]) =>
  items.map((entry) => entry.text).filter((text) => text.trim() !== "");
/** Numbered from the first, as the server draws them: what it drew is taken over. */
const start = (value: string[]): Item[] =>
  (value.length > 0 ? value : [""]).map((text, at) => ({ key: at + 1, text }));

export function ListInput({ field, id, value, ctx, invalid, set }: ControlProps<ListField>) {
  const { t } = ctx;
  const kept = Array.isArray(value) ? (value as string[]) : [];
  const sent = useRef(kept);
  const [items, setItems] = useState(() => start(kept));
  const focus = useRef<number | null>(null);
  const last = useRef(items.length);
  const entry = (text: string): Item => {
    last.current += 1;
    return { key: last.current, text };
  };
  const group = useRef<HTMLUListElement>(null);
  // Something else than we wrote: undone, or changed elsewhere.
  if (!same(sent.current, kept)) {
    sent.current = kept;
    last.current = Math.max(kept.length, 1);
    setItems(start(kept));
  }
  useLayoutEffect(() => {
    if (focus.current === null) return;
    group.current?.querySelector<HTMLElement>(`[data-key="${focus.current}"] .uz-input`)?.focus();
    focus.current = null;
  });
  const update = (next: Item[], goal: number | null = null) => {
    focus.current = goal;
    setItems(next);
    const now = texts(next);
    if (same(now, sent.current)) return;
    sent.current = now;
    set(now.length > 0 ? now : undefined);
  };
  const add = (after: number) => {
    const fresh = entry("");
    update([...items.slice(0, after + 1), fresh, ...items.slice(after + 1)], fresh.key);
  };
  const remove = (at: number) => {
    const rest = items.filter((_, index) => index !== at);
    const left = rest.length > 0 ? rest : [entry("")];
    update(left, left[Math.max(0, at - 1)]?.key ?? null);
    ctx.announce(t("Removed."));
  };
  const move = (at: number, by: number) => {
    const to = at + by;
    const moving = items[at];
    if (!moving || to < 0 || to >= items.length) return;
    const rest = items.filter((_, index) => index !== at);
    update([...rest.slice(0, to), moving, ...rest.slice(to)], moving.key);
    ctx.announce(t("Moved to place {place} of {of}.", { place: to + 1, of: items.length }));
  };
  const onKeyDown = (event: KeyboardEvent, at: number) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && items.length < MOST) {
      event.preventDefault();
      add(at);
    } else if (event.key === "Backspace" && items[at]?.text === "" && items.length > 1) {
      event.preventDefault();
      remove(at);
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(at, event.key === "ArrowUp" ? -1 : 1);
    }
  };
  const full = items.length >= MOST;
  return (
    <>
      <ul class="uz-list" ref={group}>
        {items.map((entry, at) => {
          const place = { place: at + 1, of: items.length };
          return (
            <li key={entry.key} data-key={entry.key}>
              <div class="uz-list-row">
                <PlainText
                  id={`${id}-item-${entry.key}`}
                  text={entry.text}
                  grows={grows(field)}
                  lang={ctx.writing}
                  label={t("{field}, {place} of {of}", { field: field.label, ...place })}
                  describedby={`${id}-keys${field.max ? ` ${id}-count-${entry.key}` : ""}`}
                  invalid={invalid}
                  placeholder={field.placeholder}
                  onText={(text) =>
                    update(items.map((other) => (other === entry ? { ...entry, text } : other)))
                  }
                  onKeyDown={(event) => onKeyDown(event, at)}
                />
                {items.length > 1 && (
                  <div class="uz-tools">
                    <Tool
                      words={t("Move up, {place} of {of}", place)}
                      sign="↑"
                      off={at === 0}
                      run={() => move(at, -1)}
                    />
                    <Tool
                      words={t("Move down, {place} of {of}", place)}
                      sign="↓"
                      off={at === items.length - 1}
                      run={() => move(at, 1)}
                    />
                    <Tool
                      words={t("Remove, {place} of {of}", place)}
                      sign="×"
                      run={() => remove(at)}
                    />
                  </div>
                )}
              </div>
              {field.max ? (
                <Count id={`${id}-count-${entry.key}`} field={field} text={entry.text} ctx={ctx} />
              ) : null}
            </li>
          );
        })}
      </ul>
      <p class="uz-hidden" id={`${id}-keys`}>
        {t("Enter adds another one below. Alt with an arrow key moves this one.")}
      </p>
      {full ? (
        <Most ctx={ctx} most={MOST} />
      ) : (
        <button type="button" class="uz-button" onClick={() => add(items.length - 1)}>
          {t("Add another")}
        </button>
      )}
    </>
  );
}

export function Tool(props: { words: string; sign: string; off?: boolean; run: () => void }) {
  const { words, sign, off = false, run } = props;
  // Not `disabled`: the focus would be lost when a row reaches the edge.
  return (
    <button
      type="button"
      class="uz-tool"
      // Its name as well: with a label beside it, the same words would be heard twice.
      title={words}
      aria-disabled={off}
      onClick={() => !off && run()}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

export const list: FormKind<ListField> = {
  words: true,
  Control: ListInput,
  Reading: ({ value, ctx, lang }) => (
    <ul class="uz-values">
      {entries(value).map((text, at) => (
        <li key={at}>
          <UserText text={text} i18n={ctx} {...(lang ? { lang } : {})} />
        </li>
      ))}
    </ul>
  ),
};

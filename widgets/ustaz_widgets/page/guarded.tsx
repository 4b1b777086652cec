/**
 * What says who somebody is, in what is written and about to be sent: quiet advice under a field, and
 * the list before submitting. It comes when somebody writes (hooks.ts), refuses nothing and asks no server.
 */
import { useRef, useState } from "preact/hooks";
import { reveal } from "../form/ids";
import { described } from "../form/read";
import type { Ctx } from "../form/types";
import { showControls } from "../form/user-text";
import { rowsOf, same, valueAt } from "../model/changes";
import {
  type MaskWords,
  masked,
  type Notice,
  type NoticeKind,
  notices,
} from "../model/guard/guard";
import { serves } from "../model/kinds";
import { fieldOf } from "../model/rules";
import { submissionContent } from "../model/submission-content";
import { type TextIn, textsIn, withText } from "../model/texts";
import type {
  Answers,
  Change,
  Definition,
  Field,
  Finding,
  I18n,
  Path,
  Value,
} from "../model/types";
import type { DocumentStore } from "../sync/store";
import { around, kindWords, maskWords } from "./notice-words";

// -- looking --------------------------------------------------------------------------------------

const MOST_KNOWN = 500;
const known = new Map<string, Notice[]>();

/** The notices of a text; a page asks for the same ones at each stroke of a key. */
function noticesOf(text: string): Notice[] {
  const before = known.get(text);
  if (before) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const those = notices(text);
  known.set(text, those);
  return those;
}

/** What the person wants to leave as it is, for as long as the page is open. */
const left = new Set<string>();

const leftKey = (workbook: string, path: Path, words: string) =>
  JSON.stringify([workbook, path, words]);

/** Does somebody else than its writer read it? */
const isRead = (field: Field | undefined) =>
  field?.audiences?.some((audience) => audience !== "self") ?? true;

/** Ids of options, of people and of days are no texts that a person wrote. */
const isWritten = (field: Field) =>
  !("options" in field) && !serves(field, "people") && !serves(field, "date");

function writtenIn(field: Field | undefined, value: unknown): TextIn[] {
  return field && isWritten(field) && !("columns" in field) ? textsIn(value) : [];
}

/** Advice on one field or cell, a line for each kind. */
export function noticed(
  definition: Definition,
  store: DocumentStore,
  path: Path,
  i18n: I18n,
): Finding[] {
  const [table = "", row = null, column = null] = path;
  const field = fieldOf(definition, column ? `${table}.${column}` : table);
  if (!isRead(fieldOf(definition, table)) || !isRead(field)) return [];
  const kinds = new Map<NoticeKind, string[]>();
  for (const { text } of writtenIn(field, valueAt(store.answers, path))) {
    for (const { kind, start, end } of noticesOf(text)) {
      const words = text.slice(start, end);
      if (left.has(leftKey(store.workbook, path, words))) continue;
      kinds.set(kind, [...(kinds.get(kind) ?? []), showControls(words)]);
    }
  }
  const place = { field: table, row, column };
  return [...kinds].map(([kind, texts]) => ({
    ...{ ...place, rule: kind, at: "submitted", kind: "advice", id: null, params: {} },
    message: adviceWords(kind, [...new Set(texts)].join(", "), i18n),
  }));
}

function adviceWords(kind: NoticeKind, text: string, { t }: I18n): string {
  switch (kind) {
    case "name":
      // Initials at its end have their own full stop.
      return t("This looks like a full name: {text}. Initials are enough here.", {
        text: text.replace(/\.$/, ""),
      });
    case "phone":
      return t("This looks like a phone number: {text}. Is it needed here?", { text });
    case "email":
      return t("This looks like an e-mail address: {text}. Is it needed here?", { text });
    case "identity":
      return t("This is an identity number: {text}. It is better not to write it here.", { text });
  }
}

// -- the list -------------------------------------------------------------------------------------

/** One notice in what is sent. */
interface Place extends TextIn {
  workbook: string;
  path: Path;
  notice: Notice;
  words: string;
}

interface Content {
  answers: Answers;
  linked: Record<string, { answers: Answers }>;
}

/** Every notice in what a submission carries, in the order of the form. */
function placesIn(ctx: Ctx): Place[] {
  const { definition, definitions, stores } = ctx;
  const answersOf = (workbook: string) => stores[workbook]?.answers;
  const { answers, linked } = submissionContent(definition, definitions, answersOf) as Content;
  const contents = [[definition.id, answers] as const].concat(
    Object.entries(linked ?? {}).map(
      ([workbook, other]) => [workbook, other.answers ?? {}] as const,
    ),
  );
  return contents.flatMap(([workbook, sent]) =>
    fieldsIn(definitions[workbook], sent ?? {}).flatMap(({ field, path }) => {
      // What was sent without blanks has other places than what stands in the store.
      const value = valueAt(stores[workbook]?.answers ?? {}, path);
      return writtenIn(field, value).flatMap(({ trail, text }) =>
        noticesOf(text).map((notice) => {
          const words = text.slice(notice.start, notice.end);
          return { workbook, path, trail, text, notice, words };
        }),
      );
    }),
  );
}

/** The fields and cells that are sent. */
function fieldsIn(definition: Definition | undefined, sent: Answers) {
  const places: { field: Field; path: Path }[] = [];
  for (const field of definition?.sections.flatMap((section) => section.fields ?? []) ?? []) {
    if (!(field.id in sent)) continue;
    if (!("columns" in field)) places.push({ field, path: [field.id] });
    else
      for (const row of rowsOf(sent, field.id)) {
        for (const column of field.columns) {
          if (column.id in row) places.push({ field: column, path: [field.id, row.id, column.id] });
        }
      }
  }
  return places;
}

/** A change that was made here, and what stood there before. */
interface Masked {
  workbook: string;
  path: Path;
  before: Value;
  after: Value;
}

/** The places of one text masked at once: what one of them makes longer would move the next. */
function maskedIn(ctx: Ctx, places: readonly Place[], words: MaskWords): Masked[] {
  const changes = new Map<string, Masked>();
  const texts = new Map<string, Place[]>();
  for (const place of places) {
    const key = JSON.stringify([place.workbook, place.path, place.trail]);
    texts.set(key, [...(texts.get(key) ?? []), place]);
  }
  for (const [first, ...rest] of texts.values()) {
    if (!first) continue;
    const { workbook, path, trail, text } = first;
    const key = JSON.stringify([workbook, path]);
    const before = valueAt(ctx.stores[workbook]?.answers ?? {}, path) as Value;
    const change = changes.get(key) ?? { workbook, path, before, after: before };
    const those = [first, ...rest].map(({ notice }) => notice);
    const after = withText(change.after, trail, masked(text, those, words)) as Value;
    changes.set(key, { ...change, after });
  }
  return [...changes.values()];
}

/** Write values into their stores, one step of undoing for each workbook. */
function write(ctx: Ctx, changes: readonly { workbook: string; path: Path; value: Value }[]): void {
  for (const workbook of new Set(changes.map((change) => change.workbook))) {
    const store = ctx.stores[workbook];
    const own = changes.filter((change) => change.workbook === workbook);
    const sets = own.map(({ path, value }): Change => ({ op: "set", path, value }));
    store?.edit(sets, ctx.t("Mask"));
    store?.flush();
  }
}

/** Field by field what may show who somebody is, before a workbook is sent. */
export function GuardList({ ctx }: { ctx: Ctx }) {
  const { t, n } = ctx;
  const [done, setDone] = useState<Masked[]>([]);
  const [status, setStatus] = useState({ text: "" });
  const root = useRef<HTMLDivElement>(null);
  const all = placesIn(ctx);
  const isLeft = ({ workbook, path, words }: Place) => left.has(leftKey(workbook, path, words));
  const places = all.filter((place) => !isLeft(place));
  const kept = all.length - places.length;
  // What was pressed goes away: the next one takes the focus, or the heading does.
  const focusAt = (at: number) =>
    setTimeout(() => {
      const items = root.current?.querySelectorAll<HTMLElement>("[data-mask]") ?? [];
      const next = items[Math.min(at, items.length - 1)] ?? root.current?.querySelector("h3");
      next?.focus();
    }, 0);
  const mask = (those: readonly Place[], at: number) => {
    const changes = maskedIn(ctx, those, maskWords(ctx));
    write(
      ctx,
      changes.map(({ after, ...place }) => ({ ...place, value: after })),
    );
    setDone(changes);
    setStatus({ text: n("{count} place is masked.", "{count} places are masked.", those.length) });
    focusAt(at);
  };
  const undo = () => {
    const untouched = done.filter(({ workbook, path, after }) =>
      same(valueAt(ctx.stores[workbook]?.answers ?? {}, path), after),
    );
    write(
      ctx,
      untouched.map(({ before, ...place }) => ({ ...place, value: before })),
    );
    setDone([]);
    setStatus({ text: t("It is back.") });
    focusAt(0);
  };
  const leave = ({ workbook, path, words }: Place, at: number) => {
    left.add(leftKey(workbook, path, words));
    setStatus({ text: `${t("It stays as it is.")} (${words})` });
    focusAt(at);
  };
  const again = () => {
    for (const { workbook, path, words } of all) left.delete(leftKey(workbook, path, words));
    setStatus({ text: `${t("It is back.")} (${kept})` });
    focusAt(0);
  };
  return (
    <div class="uz-guard" ref={root}>
      <h3 tabIndex={-1}>{t("Does it show who somebody is?")}</h3>
      {places.length === 0 ? (
        <p>
          {kept > 0 ? t("Nothing else was noticed.") : t("No full name and no number was noticed.")}{" "}
          {t(
            "A first name alone, a family name alone and names in small letters are not noticed. Please read through it yourself.",
          )}
        </p>
      ) : (
        <p>
          {t(
            "Initials are enough for everybody who reads this. The following was noticed by this page alone and was sent to nobody. Not everything is noticed, and not everything noticed is a person: you decide.",
          )}
        </p>
      )}
      <ul class="uz-findings">
        {places.map((place, at) => (
          <li
            key={JSON.stringify([place.workbook, place.path, place.trail, at])}
            class="uz-guard-notice"
          >
            <NoticeView
              place={place}
              ctx={ctx}
              onMask={() => mask([place], at)}
              onLeave={() => leave(place, at)}
            />
          </li>
        ))}
      </ul>
      <p role="status">{status.text}</p>
      <div class="uz-actions">
        {places.length > 1 && (
          <button type="button" class="uz-button" onClick={() => mask(places, 0)}>
            {t("Mask all")}
          </button>
        )}
        {done.length > 0 && (
          <button type="button" class="uz-button" onClick={undo}>
            {t("Undo the masking")}
          </button>
        )}
        {kept > 0 && (
          <button type="button" class="uz-link" onClick={again}>
            {n(
              "Show {count} that was left as it is",
              "Show {count} that were left as they are",
              kept,
            )}
          </button>
        )}
      </div>
    </div>
  );
}

function NoticeView(props: { place: Place; ctx: Ctx; onMask: () => void; onLeave: () => void }) {
  const { place, ctx, onMask, onLeave } = props;
  const { workbook, path, notice, words } = place;
  const { t } = ctx;
  const theirs = { ...ctx, store: ctx.stores[workbook] ?? ctx.store };
  const { where } = described(theirs, path);
  const [before, behind] = around(place);
  const mask = notice.mask ?? maskWords(ctx)[notice.kind as keyof MaskWords];
  const shown = showControls(words);
  return (
    <>
      <p>
        {workbook === ctx.definition.id ? (
          <button type="button" class="uz-link" onClick={() => reveal(ctx.uid, path)}>
            {where}
          </button>
        ) : (
          `${ctx.definitions[workbook]?.title ?? workbook}: ${where}`
        )}
        {": "}
        {kindWords(notice.kind, ctx)}
      </p>
      <p>
        <bdi lang={theirs.store.document.lang || ctx.lang}>
          {before}
          <mark>{shown}</mark>
          {behind}
        </bdi>
      </p>
      <div class="uz-actions">
        <button
          type="button"
          class="uz-button uz-button--small"
          data-mask
          aria-label={`${t("Mask: {mask}", { mask })} (${shown})`}
          onClick={onMask}
        >
          {t("Mask: {mask}", { mask })}
        </button>
        <button
          type="button"
          class="uz-button uz-button--small"
          aria-label={`${t("Leave as it is")} (${shown})`}
          onClick={onLeave}
        >
          {t("Leave as it is")}
        </button>
      </div>
    </>
  );
}

/**
 * Entries: rows with a day and readers of their own, newest first. One sentence is enough to begin;
 * the rest is opened when it is wanted.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { newRowId, rowBefore, valueAt } from "../../model/changes";
import { serves } from "../../model/kinds";
import type { CellValue, EntriesField, Option, Row, TableField } from "../../model/types";
import { Advice, Need } from "../control";
import { fieldId, REVEAL } from "../ids";
import { ReadRow } from "../read";
import { Most, Removed, UNDO } from "../row-notes";
import type { Ctx } from "../types";
import { UserText } from "../user-text";
import { arrived } from "./arriving";
import type { ReadingProps, WholeProps } from "./base";
import { Strip } from "./strip";

const MOST = 200;
const DATE = "date";

/** By day, the last one first; those without a day stand before them. */
export function newestFirst(rows: readonly Row[]): Row[] {
  const day = (row: Row) => String(row[DATE] ?? "9");
  const place = new Map(rows.map((row, at) => [row.id, at]));
  const later = (a: Row, b: Row) => (place.get(b.id) ?? 0) - (place.get(a.id) ?? 0);
  return [...rows].sort((a, b) => (day(a) === day(b) ? later(a, b) : day(a) < day(b) ? 1 : -1));
}

const asTable = (field: EntriesField) => field as unknown as TableField;

/** Without what says who reads a row: that is its writer's matter. */
const withoutReaders = (field: EntriesField): TableField =>
  asTable({ ...field, columns: field.columns.filter(({ id }) => id !== field.readers) });

/** Who reads an entry, in words. */
function readersOf(field: EntriesField, row: Row, ctx: Ctx): string {
  const column = field.columns.find(({ id }) => id === field.readers);
  const options: Option[] = column && "options" in column ? column.options : [];
  const chosen = (row[field.readers] ?? []) as string[];
  const labels = options.filter(({ id }) => chosen.includes(id)).map(({ label }) => label);
  return labels.length > 0
    ? ctx.t("Read by: {readers}", { readers: labels.join(", ") })
    : ctx.t("Only you");
}

function EntriesView({ field, path, ctx, FieldView }: WholeProps<EntriesField>) {
  const id = fieldId(ctx, path);
  const rows = (valueAt(ctx.store.answers, path) ?? []) as Row[];
  const edit = ctx.mode === "edit";
  const findings = ctx.findingsFor(field.id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset around a whole table is announced at each cell
    <div
      class="uz-field uz-field--table"
      id={id}
      role="group"
      aria-labelledby={`${id}-label`}
      tabIndex={-1}
    >
      <h3 class="uz-label" id={`${id}-label`}>
        {field.label} {edit && <Need field={field} ctx={ctx} />}
      </h3>
      {field.help && edit ? <p class="uz-help">{field.help}</p> : null}
      {edit ? (
        <Written field={field} rows={rows} path={path} ctx={ctx} FieldView={FieldView} />
      ) : (
        <ReadEntries field={field} value={rows} ctx={ctx} lang={ctx.writing} />
      )}
      {edit && <Advice id={`${id}-advice`} findings={findings} ctx={ctx} />}
    </div>
  );
}

type Parts = WholeProps<EntriesField> & { rows: Row[] };

function Written({ field, rows, path, ctx, FieldView }: Parts) {
  const { t, store } = ctx;
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [removed, setRemoved] = useState<{ row: Row; after: string | null } | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const focus = useRef<string | null>(null);
  const name = field.row_name || t("Row");
  useLayoutEffect(() => {
    if (!focus.current) return;
    root.current?.querySelector<HTMLElement>(focus.current)?.focus();
    focus.current = null;
  });
  const show = (row: string, on: boolean) =>
    setOpened((before) => {
      const next = new Set(before);
      if (on) next.add(row);
      else next.delete(row);
      return next;
    });
  useEffect(() => {
    // A finding leads to a cell: what hides it opens.
    const table = document.getElementById(fieldId(ctx, path));
    const reveal = (event: Event) => {
      const { row, column } = (event as CustomEvent).detail as { row: string; column?: string };
      const cell = `[id="${fieldId(ctx, [...path, row, column ?? DATE])}"]`;
      const control = "input, textarea, select, button";
      focus.current = `${cell}:is(${control}), ${cell} :is(${control})`;
      show(row, true);
    };
    table?.addEventListener(REVEAL, reveal);
    return () => table?.removeEventListener(REVEAL, reveal);
  }, []);
  const put = (row: string, value: Record<string, CellValue>, after: string | null) =>
    store.edit({ op: "add_row", path: [...path, row], after, value }, name);
  const remove = (row: Row) => {
    focus.current = UNDO;
    setRemoved({ row, after: rowBefore(rows, row.id) });
    store.edit({ op: "remove_row", path: [...path, row.id] }, name);
    ctx.announce(t("Removed."));
  };
  const restore = () => {
    if (!removed) return;
    const { id, ...value } = removed.row;
    focus.current = `[data-row="${id}"] summary`;
    put(id, value as Record<string, CellValue>, removed.after);
    ctx.announce(t("It is back."));
    setRemoved(null);
  };
  return (
    <div ref={root}>
      {rows.length < MOST ? (
        <Quick
          field={field}
          ctx={ctx}
          id={`${fieldId(ctx, path)}-quick`}
          add={(value) => {
            setRemoved(null);
            put(newRowId(), value, rows.at(-1)?.id ?? null);
            ctx.announce(t("Added."));
            store.flush();
          }}
        />
      ) : (
        <Most ctx={ctx} most={MOST} />
      )}
      {removed && <Removed ctx={ctx} onUndo={restore} />}
      <Strip days={rows.map((row) => row[DATE])} ctx={ctx} />
      {rows.length === 0 && !removed && <p class="uz-none">{t("Nothing here yet.")}</p>}
      <ol class="uz-cards">
        {newestFirst(rows).map((row) => {
          const id = fieldId(ctx, [...path, row.id]);
          return (
            <li class="uz-card uz-entry" key={row.id} id={id} data-row={row.id}>
              <details
                open={opened.has(row.id)}
                onToggle={(event) => show(row.id, event.currentTarget.open)}
              >
                <summary>
                  <Summary field={field} row={row} ctx={ctx} />
                </summary>
                {opened.has(row.id) && (
                  <>
                    {field.columns
                      .filter((column) => !(ctx.typist && column.id === field.readers))
                      .map((column) => (
                        <FieldView
                          key={column.id}
                          field={column}
                          path={[...path, row.id, column.id]}
                          row={row}
                          ctx={ctx}
                        />
                      ))}
                    <button
                      type="button"
                      class="uz-button uz-button--small"
                      onClick={() => remove(row)}
                    >
                      {t("Remove this entry")}
                    </button>
                  </>
                )}
              </details>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** The column that one sentence goes into: the first one of words. */
const wordsColumn = (field: EntriesField) =>
  field.columns.find((column) => serves(column, "title"));

function Summary({ field, row, ctx }: { field: EntriesField; row: Row; ctx: Ctx }) {
  const column = wordsColumn(field);
  const words = column ? row[column.id] : undefined;
  const day = row[DATE];
  return (
    <>
      <strong>{typeof day === "string" ? ctx.date(day) : ctx.t("Without a day")}</strong>{" "}
      <span class="uz-entry-readers">{ctx.typist ? "" : readersOf(field, row, ctx)}</span>
      <span class="uz-entry-words">
        {typeof words === "string" && words.trim() ? (
          <UserText text={words} lang={ctx.writing} i18n={ctx} />
        ) : null}
      </span>
    </>
  );
}

function Quick(props: {
  field: EntriesField;
  ctx: Ctx;
  id: string;
  add: (value: Record<string, CellValue>) => void;
}) {
  const { field, ctx, id, add } = props;
  const column = wordsColumn(field);
  const [text, setText] = useState("");
  const [day, setDay] = useState(ctx.context.today);
  if (!column) return null;
  return (
    <form
      class="uz-entry-quick"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === "") return;
        // What somebody types in for the owner, that one has read.
        const readers = ctx.typist ? { [field.readers]: ["facilitator"] } : {};
        add({ ...(day ? { [DATE]: day } : {}), [column.id]: text.normalize("NFC"), ...readers });
        setText("");
      }}
    >
      <label class="uz-label" for={id}>
        {ctx.t("A new entry: one sentence is enough")}
      </label>
      <textarea
        id={id}
        class="uz-input"
        rows={2}
        value={text}
        lang={ctx.writing}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="uz-entry-act">
        <label for={`${id}-day`}>{field.columns.find(({ id }) => id === DATE)?.label}</label>
        <input
          id={`${id}-day`}
          class="uz-input uz-input--short"
          type="date"
          value={day}
          onInput={(event) => setDay(event.currentTarget.value)}
        />
        <button type="submit" class="uz-button">
          {ctx.t("Add")}
        </button>
      </p>
      <p class="uz-help">{ctx.t("Only you can read it, until you show it to somebody.")}</p>
    </form>
  );
}

function ReadEntries({ field, value, ctx, lang, example = false }: ReadingProps<EntriesField>) {
  const rows = newestFirst((value ?? []) as Row[]);
  const others = ctx.store.document.withheld !== undefined && !example;
  return (
    <>
      {others && <p class="uz-help">{ctx.t("Entries that were not shared are not shown here.")}</p>}
      {!example && <Strip days={rows.map((row) => row[DATE])} ctx={ctx} />}
      {rows.length === 0 && <p class="uz-none">{ctx.t("No answer yet")}</p>}
      <ol class="uz-rows">
        {rows.map((row, at) => (
          <li key={row.id ?? at}>
            <ReadRow
              field={others || example ? withoutReaders(field) : asTable(field)}
              row={row}
              ctx={ctx}
              {...(lang ? { lang } : {})}
              example={example}
            />
          </li>
        ))}
      </ol>
    </>
  );
}

arrived<EntriesField>("entries", { Whole: EntriesView, Reading: ReadEntries });

/** A table as cards, one a row: for tables without a component of their own. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { newRowId, rowBefore, valueAt } from "../../model/changes";
import { numbered } from "../../model/numbered";
import type { Row, TableField } from "../../model/types";
import { useAwake } from "../awake";
import { Advice, Need } from "../control";
import { fieldId } from "../ids";
import { Kept } from "../opening";
import { ReadRow } from "../read";
import { tableComponent } from "../registry";
import { Most, Removed, UNDO } from "../row-notes";
import { takeOver } from "../take-over";
import { EnteredMark } from "../transcription";
import type { Ctx, PictureProps, TableComponent, TableProps } from "../types";
import type { FormKind, WholeProps } from "./base";
import { Tool } from "./list";

const MOST = 100;

export function Cards({ field, rows, path, mode, ctx, FieldView }: TableProps) {
  const { t, store } = ctx;
  const [removed, setRemoved] = useState<{ row: Row; after: string | null } | null>(null);
  const focus = useRef<string | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const name = field.row_name || t("Row");
  const title = (at: number) => numbered(name, at + 1, t);
  useLayoutEffect(() => {
    if (!focus.current) return;
    root.current?.querySelector<HTMLElement>(focus.current)?.focus();
    focus.current = null;
  });
  if (mode === "read") {
    if (rows.length === 0) return <p class="uz-none">{t("No answer yet")}</p>;
    return (
      <ol class="uz-cards">
        {rows.map((row, at) => (
          <li class="uz-card" key={row.id}>
            <h4 class="uz-card-title">{title(at)}</h4>
            <ReadRow
              field={field}
              row={row}
              ctx={ctx}
              lang={ctx.writing}
              path={[...path, row.id]}
            />
          </li>
        ))}
      </ol>
    );
  }
  const add = () => {
    const id = newRowId();
    focus.current = `[data-row="${id}"] :is(input, textarea, select)`;
    setRemoved(null);
    const after = rows.at(-1)?.id ?? null;
    store.edit({ op: "add_row", path: [...path, id], after, value: {} }, name);
  };
  const remove = (row: Row, at: number) => {
    const after = rowBefore(rows, row.id);
    focus.current = UNDO;
    setRemoved({ row, after });
    store.edit({ op: "remove_row", path: [...path, row.id] }, title(at));
    ctx.announce(t("{row} was removed.", { row: title(at) }));
  };
  const restore = () => {
    if (!removed) return;
    const { id, ...value } = removed.row;
    focus.current = `[data-row="${id}"] :is(input, textarea, select)`;
    store.edit(
      { op: "add_row", path: [...path, id], after: removed.after, value: value as never },
      name,
    );
    ctx.announce(t("It is back."));
    setRemoved(null);
  };
  const move = (row: Row, at: number, by: number) => {
    const rest = rows.filter((other) => other !== row);
    const to = at + by;
    const after = rest[to - 1]?.id ?? null;
    focus.current = `[data-row="${row.id}"] [data-tool="${by < 0 ? "up" : "down"}"] button`;
    store.edit({ op: "move_row", path: [...path, row.id], after }, title(at));
    ctx.announce(t("Moved to place {place} of {of}.", { place: to + 1, of: rows.length }));
  };
  return (
    <div ref={root}>
      {!(rows.length || removed) && <p class="uz-none">{t("Nothing here yet.")}</p>}
      <ol class="uz-cards">
        {rows.map((row, at) => (
          <li
            class="uz-card"
            key={row.id}
            id={fieldId(ctx, [...path, row.id])}
            data-row={row.id}
            aria-labelledby={`${fieldId(ctx, [...path, row.id])}-title`}
          >
            <div class="uz-card-head">
              <h4 class="uz-card-title" id={`${fieldId(ctx, [...path, row.id])}-title`}>
                {title(at)}
              </h4>
              <div class="uz-tools">
                <span data-tool="up">
                  <Tool
                    words={t("Move {row} up", { row: title(at) })}
                    sign="↑"
                    off={!at}
                    run={() => move(row, at, -1)}
                  />
                </span>
                <span data-tool="down">
                  <Tool
                    words={t("Move {row} down", { row: title(at) })}
                    sign="↓"
                    off={!rows[at + 1]}
                    run={() => move(row, at, 1)}
                  />
                </span>
                <Tool
                  words={t("Remove {row}", { row: title(at) })}
                  sign="×"
                  run={() => remove(row, at)}
                />
              </div>
            </div>
            {/* The line of a row on the map, shown by it (form/folds.ts); it opens what follows. */}
            {field.map && <details hidden />}
            {field.columns.map((column) => (
              <FieldView
                key={column.id}
                field={column}
                path={[...path, row.id, column.id]}
                row={row}
                ctx={ctx}
              />
            ))}
          </li>
        ))}
      </ol>
      {removed && <Removed ctx={ctx} onUndo={restore} />}
      {rows.length < MOST ? (
        <button type="button" class="uz-button" onClick={add}>
          {t("Add: {row}", { row: name })}
        </button>
      ) : (
        <Most ctx={ctx} most={MOST} />
      )}
    </div>
  );
}

/**
 * The component of a table. One that comes later than the page takes the place of the cards, and
 * never while the focus is in them: a word that is being typed would be torn apart.
 */
function useTable(
  name: string | null | undefined,
  root: RefObject<HTMLDivElement | null>,
): TableComponent {
  const wanted = tableComponent(name) ?? Cards;
  const [shown, setShown] = useState(() => wanted);
  useLayoutEffect(() => {
    const table = root.current;
    if (shown === wanted || !table) return;
    const change = () => setShown(() => wanted);
    if (!table.contains(document.activeElement)) return change();
    const left = (event: FocusEvent) => {
      if (!table.contains(event.relatedTarget as Node | null)) change();
    };
    table.addEventListener("focusout", left);
    return () => table.removeEventListener("focusout", left);
  });
  return shown;
}

let arrived: typeof import("../map") | undefined;

/** The map over a table: what the server drew stands there until the component has come. */
function Picture(props: PictureProps) {
  const { path, ctx } = props;
  const [map, put] = useState(arrived);
  const awake = useAwake(useState(takeOver.running)[0]);
  useEffect(() => {
    if (!map && awake)
      import("../map").then(
        (come) => {
          arrived = come;
          put(come);
        },
        () => undefined,
      );
  }, [awake]);
  const id = path && `${fieldId(ctx, path)}-picture`;
  if (map)
    return (
      <div class="uz-picture" id={id}>
        <map.MapPicture {...props} />
      </div>
    );
  return id ? <Kept id={id} /> : null;
}

function TableView({ field, path, ctx, FieldView }: WholeProps<TableField>) {
  const id = fieldId(ctx, path);
  const rows = (valueAt(ctx.store.answers, path) ?? []) as Row[];
  const root = useRef<HTMLDivElement>(null);
  const Table = useTable(field.component, root);
  const findings = ctx.findingsFor(field.id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset around a whole table is announced at each cell
    <div
      class="uz-field uz-field--table"
      ref={root}
      id={id}
      role="group"
      aria-labelledby={`${id}-label`}
      tabIndex={-1}
    >
      <h3 class="uz-label" id={`${id}-label`}>
        {field.label} {ctx.mode === "edit" && <Need field={field} ctx={ctx} />}
      </h3>
      {field.help && ctx.mode === "edit" ? <p class="uz-help">{field.help}</p> : null}
      <EnteredMark place={`${field.id}#order`} ctx={ctx} />
      {field.map && <Picture {...{ field, rows, path, ctx }} />}
      <Table
        field={field}
        rows={rows}
        path={path}
        onChange={(change) => ctx.store.edit(change, field.label)}
        findings={findings}
        mode={ctx.mode}
        lang={ctx.lang}
        ctx={ctx}
        FieldView={FieldView}
      />
      {ctx.mode === "edit" && <Advice id={`${id}-advice`} findings={findings} ctx={ctx} />}
    </div>
  );
}

function ReadRows(props: {
  field: TableField;
  rows: Row[];
  ctx: Ctx;
  lang?: string | undefined;
  example: boolean;
}) {
  const { field, rows, ctx, lang, example } = props;
  return (
    <>
      {example && field.map && <Picture {...{ field, rows, ctx }} />}
      <ol class="uz-rows">
        {rows.map((row, at) => (
          <li key={row.id ?? at}>
            <ReadRow
              field={field}
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

export const table: FormKind<TableField> = {
  Whole: TableView,
  Reading: ({ field, value, ctx, lang, example = false }) => (
    <ReadRows field={field} rows={value as Row[]} ctx={ctx} {...{ lang, example }} />
  ),
};

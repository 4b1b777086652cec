/** A table as cards, one a row: for tables without a component of their own. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { newRowId, rowBefore } from "../model/changes";
import type { Row } from "../model/types";
import { fieldId } from "./ids";
import { Tool } from "./list";
import { ReadRow } from "./read";
import type { TableProps } from "./types";

const MOST = 100;

export function Cards({ field, rows, path, mode, ctx, FieldView }: TableProps) {
  const { t, n } = ctx;
  const { store } = ctx;
  const [removed, setRemoved] = useState<{ row: Row; after: string | null } | null>(null);
  const focus = useRef<string | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const name = field.row_name || t("Row");
  const title = (at: number) => `${name} ${at + 1}`;
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
    focus.current = ".uz-undo button";
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
    const after = to === 0 ? null : (rest[to - 1]?.id ?? null);
    focus.current = `[data-row="${row.id}"] [data-tool="${by < 0 ? "up" : "down"}"] button`;
    store.edit({ op: "move_row", path: [...path, row.id], after }, title(at));
    ctx.announce(t("Moved to place {place} of {of}.", { place: to + 1, of: rows.length }));
  };
  return (
    <div ref={root}>
      {rows.length === 0 && !removed && <p class="uz-none">{t("Nothing here yet.")}</p>}
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
                    off={at === 0}
                    run={() => move(row, at, -1)}
                  />
                </span>
                <span data-tool="down">
                  <Tool
                    words={t("Move {row} down", { row: title(at) })}
                    sign="↓"
                    off={at === rows.length - 1}
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
      {removed && (
        <p class="uz-undo">
          {t("Removed.")}{" "}
          <button type="button" class="uz-button uz-button--small" onClick={restore}>
            {t("Undo")}
          </button>
        </p>
      )}
      {rows.length < MOST ? (
        <button type="button" class="uz-button" onClick={add}>
          {t("Add: {row}", { row: name })}
        </button>
      ) : (
        <p class="uz-help">
          {n("{count} is the most that fits.", "{count} are the most that fit.", MOST)}
        </p>
      )}
    </div>
  );
}

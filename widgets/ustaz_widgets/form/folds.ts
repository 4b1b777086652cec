/**
 * Cards of a table with a map: each is closed to one line, and opens by it.
 *
 * Their fields stand behind the `details` and are hidden by its state (`pictures.css`): the same card
 * opens without a script, as the server drew it (`workbook/kinds/map.py`), and stays as it is while
 * the form is drawn anew. What was just added, or is led to, is opened.
 */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { lineOf } from "../model/map";
import { isClosed } from "../model/transcription";
import type { Row, TableField } from "../model/types";
import { fieldId, REVEAL } from "./ids";
import type { Ctx, PictureProps } from "./types";

/** The line of a card; whoever types in from paper sees no column that is closed to them. */
function cardLine(field: TableField, row: Row, ctx: Ctx): string {
  const seen = (id: string) => {
    const column = field.columns.find((other) => other.id === id);
    return column !== undefined && !(ctx.typist && isClosed(column));
  };
  return lineOf(field, row, seen, ctx);
}

const FOLD = "uz-fold";
const foldOf = (id: string) =>
  document.getElementById(id)?.querySelector<HTMLDetailsElement>(":scope > details");

/** Give each card its line, and open what is new or led to. */
export function useFolds({ field, rows, path, ctx }: PictureProps): void {
  const begun = useRef(false);
  useLayoutEffect(() => {
    if (!path || ctx.mode !== "edit") return;
    for (const row of rows) {
      const id = fieldId(ctx, [...path, row.id]);
      const fold = foldOf(id);
      if (!fold) continue;
      const line = fold.firstElementChild ?? fold.appendChild(document.createElement("summary"));
      line.setAttribute("aria-label", cardLine(field, row, ctx));
      if (fold.classList.contains(FOLD)) continue;
      const inUse = document.getElementById(id)?.contains(document.activeElement);
      fold.open = begun.current || !!inUse || Object.keys(row).length < 2;
      fold.classList.add(FOLD);
      fold.hidden = false;
    }
    begun.current = true;
  });
  useEffect(() => {
    const table = path && document.getElementById(fieldId(ctx, path));
    if (!path || !table) return;
    const open = (event: Event) => {
      const fold = foldOf(fieldId(ctx, [...path, (event as CustomEvent).detail.row]));
      if (fold) fold.open = true;
    };
    table.addEventListener(REVEAL, open);
    return () => table.removeEventListener(REVEAL, open);
  }, []);
}

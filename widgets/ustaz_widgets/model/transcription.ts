/** Answers that a facilitator typed in for somebody who wrote on paper. */

import type { PageData } from "./page-data";
import type { Change, Field, Mark, Path } from "./types";

/** Does this page write in another person's workbook? */
export function isTypist(data: PageData): boolean {
  return data.mode !== "read" && !!data.writer && !!data.about && data.writer !== data.about;
}

/** A field that only its owner sees and writes. */
export function isClosed(field: Field): boolean {
  return field.audiences !== undefined && !field.audiences.includes("facilitator");
}

export function placeOf(path: Path): string {
  return path.join("/");
}

/** The path of a place, without what is said of the order of rows. */
export function pathOfPlace(place: string): string[] {
  return place.replace(/#order$/, "").split("/");
}

export function markAt(marks: readonly Mark[] | undefined, place: string): Mark | undefined {
  return marks?.find((mark) => mark.place === place);
}

/** Those that wait to be read. */
export function open(marks: readonly Mark[] | undefined): Mark[] {
  return (marks ?? []).filter((mark) => mark.confirmed_at === null);
}

/** The rows of a table that hold something that waits to be read. */
export function rowsIn(marks: readonly Mark[] | undefined, table: string): string[] {
  const paths = open(marks).map((mark) => pathOfPlace(mark.place));
  return [...new Set(paths.flatMap(([field, row]) => (field === table && row ? [row] : [])))];
}

/** The marks that the owner's own changes leave: what they change is theirs. */
export function untouched(
  marks: readonly Mark[] | undefined,
  changes: readonly Change[],
): Mark[] | undefined {
  if (!marks) return undefined;
  let left = [...marks];
  for (const change of changes) {
    if (change.op === "status" || change.op === "lang") continue;
    const place = placeOf(change.path);
    if (change.op === "add_row") {
      const cells = Object.keys(change.value ?? {}).map((column) => `${place}/${column}`);
      left = left.filter((mark) => !cells.includes(mark.place));
    } else if (change.op === "remove_row") {
      left = left.filter((mark) => !mark.place.startsWith(`${place}/`));
    } else {
      const gone = change.op === "move_row" ? `${change.path[0]}#order` : place;
      left = left.filter((mark) => mark.place !== gone);
    }
  }
  return left;
}

/** Element ids of fields and cells, so that a finding can lead to its place. */

import type { Path } from "../model/types";
import type { Ctx } from "./types";

export function fieldId(ctx: Pick<Ctx, "uid">, path: Path): string {
  return [ctx.uid, ...path].join("-");
}

/**
 * Sent to a table's element before a cell in it is given focus, so that it can open what hides
 * the cell: `detail: { row, column }`.
 */
export const REVEAL = "uz-reveal";

/** Bring a field or a cell into view and give it focus. */
export function reveal(uid: string, path: Path): boolean {
  const [field = "", row, column] = path;
  const table = document.getElementById([uid, field].join("-"));
  if (row !== undefined) {
    table?.dispatchEvent(new CustomEvent(REVEAL, { detail: { row, column }, bubbles: false }));
  }
  const tries = [path, path.slice(0, 2), path.slice(0, 1)].map((part) => [uid, ...part].join("-"));
  const target = tries.map((id) => document.getElementById(id)).find((element) => element !== null);
  if (!target) return false;
  const inside = target.matches(FOCUSABLE) ? target : target.querySelector<HTMLElement>(FOCUSABLE);
  target.scrollIntoView({ block: "center" });
  (inside ?? target).focus({ preventScroll: true });
  return true;
}

const FOCUSABLE =
  'input:not([type="hidden"]):not([disabled]), textarea, select, button, [tabindex]:not([tabindex="-1"])';

import { fill } from "./i18n";
import type { I18n } from "./types";

/**
 * A row by its number: "Step 3", in Kazakh "3‑қадам". A name that does not begin is no heading, and
 * loses its capital. `ustaz.messages.numbered` writes the same.
 */
export function numbered(row: string, number: number, t: I18n["t"]): string {
  const form = t("{row} {number}");
  const name = form.startsWith("{row}") ? row : row.charAt(0).toLowerCase() + row.slice(1);
  return fill(form, { row: name, number });
}

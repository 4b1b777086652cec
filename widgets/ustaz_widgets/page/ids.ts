/**
 * Ids of what stands once in a view of a workbook: panels, the line on saving, the main part.
 *
 * A page has one view. In a notebook there may be several, and an id counts for the whole document.
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** What the ids of this view begin with; empty on a page. */
export const IdPrefix = createContext("");

/** Returns what makes an id of this view from its name. */
export function useIds(): (name: string) => string {
  const prefix = useContext(IdPrefix);
  return (name) => (prefix ? `${prefix}-${name}` : name);
}

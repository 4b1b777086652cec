/** Which findings to show now. */
import { key } from "./changes";
import type { Evaluation, Finding, RowId } from "./types";

export interface Place {
  field: string;
  row: RowId | null;
  column: string | null;
}

/** What only says that nothing is there yet. */
const EMPTY = new Set(["required", "reference_empty", "at_least", "covers_all", "covers_any"]);

/**
 * Advice waits until its place was left; that something is still missing is said only when the
 * person asks for a check: passing over a field is not a mistake.
 */
export function shownFindings(
  evaluation: Evaluation,
  seen: { left: ReadonlySet<string>; checked: boolean },
  workbook: string,
  place: Place,
): Finding[] {
  const path = [workbook, place.field, place.row, place.column].filter((part) => part !== null);
  const left = seen.left.has(key(path as string[]));
  if (!left && !seen.checked) return [];
  return evaluation.sections
    .flatMap((section) => section.findings)
    .filter(
      (finding) =>
        finding.field === place.field &&
        finding.row === place.row &&
        finding.column === place.column &&
        (seen.checked || !EMPTY.has(finding.rule)),
    );
}

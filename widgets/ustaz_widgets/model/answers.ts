/** What a person wrote: values, rows, and what rules need to know beside them. */
import { trim } from "./graphemes";

export type RowId = string;
export interface Row {
  id: RowId;
  [column: string]: CellValue | undefined;
}
/** Who can be seen in a file; asked before anything is sent. */
export type Seen = "none" | "adults_with_consent" | "pupils_with_consent" | "must_blur";
/** A file that shows something; its bytes lie on the server, under their hash. */
export interface FileEntry {
  hash: string;
  name: string;
  size: number;
  type: string;
  caption: string;
  visible: Seen;
}
/** `null` is the answer "cannot say" of a scale; "not answered" is an absent key. */
export type CellValue = string | number | null | string[] | FileEntry[];
/** Answers in parts: `{topic: {part: answer}}`. */
export type Parts = Record<string, Record<string, string | number | null>>;
export type Value = CellValue | Row[] | Parts;
export type Answers = Record<string, Value | undefined>;
/** `["title"]`, or `["steps", "r1abcd", "action"]` for a cell of a table. */
export type Path = readonly string[];

/** What the rules need to know beside the answers; dates are `YYYY-MM-DD`. */
export interface RuleContext {
  today: string;
  programme_start?: string | null;
  programme_end?: string | null;
  linked?: Record<string, Answers>;
  /** Fields that were answered for other eyes only; they count as answered. */
  withheld?: string[];
}

/** Blanks say nothing, nor do lists of blanks, null, or rows whose cells say nothing. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return trim(value) === "";
  if (Array.isArray(value)) return value.every(isBlank);
  if (typeof value === "object") {
    return Object.entries(value).every(([key, inner]) => key === "id" || isBlank(inner));
  }
  return false;
}

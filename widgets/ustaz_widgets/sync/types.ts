/** The document store as components see it. */
import type { Answers, Change, Document } from "../model/types";

export type StoreState = "idle" | "saving" | "saved" | "kept" | "choose" | "unsent";

/** The part of a document store that components use. */
export interface Store {
  readonly workbook: string;
  readonly document: Document;
  /** Acknowledged answers with every local change applied. */
  readonly answers: Answers;
  readonly state: StoreState;
  edit: (change: Change | Change[], label?: string) => void;
  undo: () => string | null;
  redo: () => string | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  subscribe: (listener: () => void) => () => void;
  /** Save now: a field was left. */
  flush: () => void;
}

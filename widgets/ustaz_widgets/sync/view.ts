/** What components read of a document store: the document with every local change, and its state. */

import { markAt, placeOf } from "../model/transcription";
import type { Answers, Change, Document, Mark, Path } from "../model/types";
import * as waiting from "./batches";
import type { OpenConflict, Refused, SealedBatch } from "./journal";
import type { Problem } from "./transport";
import type { StoreState } from "./types";
import { UndoStack } from "./undo";

export class StoreView {
  conflicts: OpenConflict[] = [];
  refused: Refused[] = [];
  /** Why the last attempt failed, while something waits. */
  problem: Problem | null = null;
  savedAt: string | null;

  protected batches: SealedBatch[] = [];
  protected view: Document | null = null;
  protected listeners = new Set<() => void>();
  protected past = new UndoStack();
  protected journalled = true;

  constructor(
    protected base: Document,
    /** Language of the interface: that of the answers until the person chooses another. */
    public lang: string,
    protected readonly typist: boolean,
  ) {
    this.savedAt = base.revision > 0 ? (base.updated_at ?? null) : null;
  }

  /** The document with every local change applied. */
  get document(): Document {
    const { conflicts, refused } = this;
    this.view ??= waiting.overlaid(this.base, this.batches, conflicts, refused, this.typist);
    return this.view;
  }

  get answers(): Answers {
    return this.document.answers;
  }

  /** The revision that the server has acknowledged. */
  get revision(): number {
    return this.base.revision;
  }

  get state(): StoreState {
    const waits = this.batches.length > 0;
    if (waits && this.problem) return "kept";
    if (this.conflicts.length > 0) return "choose";
    if (this.refused.length > 0) return "unsent";
    return waits ? "saving" : this.savedAt ? "saved" : "idle";
  }

  /** True while closing the page could lose something: not sent, and not kept in the browser. */
  get fragile(): boolean {
    const kept = this.batches.length + this.conflicts.length + this.refused.length;
    return !this.journalled && kept > 0;
  }

  /** Nothing is on its way; what was refused is for the person to decide about. */
  get settled(): boolean {
    return this.batches.length + this.conflicts.length === 0;
  }

  /** What the server does not have: on its way, or refused. */
  get unsent(): Change[] {
    const on = this.batches.filter((batch) => !batch.aside).flatMap((batch) => batch.changes);
    return [
      ...on,
      ...this.refused.filter((refusal) => !refusal.aside).map((refusal) => refusal.change),
    ];
  }

  /** Who typed in what stands on the server at a path, if somebody did. */
  markOf(path: Path): Mark | undefined {
    return markAt(this.base.entered, placeOf(path));
  }

  get canUndo(): boolean {
    return this.past.past.length > 0;
  }

  get canRedo(): boolean {
    return this.past.future.length > 0;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** A store that keeps a document in memory alone, with undo: where no server stands behind a form. */
import { applyChanges } from "../model/changes";
import type { Answers, Change, Document } from "../model/types";
import type { Store } from "./types";
import { UndoStack } from "./undo";

export class MemoryStore implements Store {
  document: Document;
  state = "saved" as const;
  #undo = new UndoStack();
  #listeners = new Set<() => void>();

  constructor(
    readonly workbook: string,
    answers: Answers,
    lang: string,
    /** Called with the changes that somebody makes here, once they stand in the document. */
    private readonly edited: (changes: Change[]) => void = () => undefined,
  ) {
    const subject = { kind: "person", id: "nobody" };
    this.document = { workbook, subject, lang, status: "draft", revision: 1, answers };
  }
  get answers(): Answers {
    return this.document.answers;
  }
  get canUndo(): boolean {
    return this.#undo.past.length > 0;
  }
  get canRedo(): boolean {
    return this.#undo.future.length > 0;
  }
  edit(change: Change | Change[], label = ""): void {
    const changes = [change].flat();
    this.#undo.record(this.answers, changes, label, Date.now());
    this.#apply(changes);
    this.edited(changes);
  }
  /** A change that came from elsewhere. */
  receive(change: Change): void {
    this.#apply([change]);
  }
  undo(): string | null {
    return this.#turn(this.#undo.undo(this.answers));
  }
  redo(): string | null {
    return this.#turn(this.#undo.redo(this.answers));
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  flush(): void {}
  #turn(step: { label: string; changes: Change[] } | null): string | null {
    if (!step) return null;
    this.#apply(step.changes);
    this.edited(step.changes);
    return step.label;
  }
  #apply(changes: Change[]): void {
    this.document = { ...this.document, answers: applyChanges(this.answers, changes) };
    for (const listener of this.#listeners) listener();
  }
}

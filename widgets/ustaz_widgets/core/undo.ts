/**
 * Undo and redo of edits.
 *
 * Undoing is a new change, not a step back in time: what others wrote meanwhile stays. Inside a
 * text field the browser's own undo works; this one is for everything else, rows above all.
 */
import { applyChange, inverse, key, pathOf } from "./changes";
import type { Answers, Change } from "./types";

interface Entry {
  label: string;
  changes: Change[];
  /** Typing into one field is one step. */
  typing: string | null;
  at: number;
}
const DEPTH = 100;
const PAUSE = 3000;

/** The changes that take a list of changes back, last first. */
export function back(answers: Answers, changes: readonly Change[]): Change[] {
  const steps: Change[][] = [];
  let state = answers;
  for (const change of changes) {
    steps.unshift(inverse(state, change));
    state = applyChange(state, change);
  }
  return steps.flat();
}

export class UndoStack {
  past: Entry[] = [];
  future: Entry[] = [];

  /** Remember how to take `changes` back; `answers` are those before them. */
  record(answers: Answers, changes: readonly Change[], label: string, now: number): void {
    const undo = back(answers, changes);
    if (undo.length === 0) return;
    const only = changes.length === 1 ? changes[0] : undefined;
    const typing = only?.op === "set" && typeof only.value === "string" ? key(pathOf(only)) : null;
    const last = this.past.at(-1);
    this.future = [];
    if (last && typing !== null && last.typing === typing && now - last.at < PAUSE) {
      last.at = now;
      return;
    }
    this.past = [...this.past.slice(1 - DEPTH), { label, changes: undo, typing, at: now }];
  }

  /** Changes to make now, and the label of what they undo; null when there is nothing. */
  undo(answers: Answers): { label: string; changes: Change[] } | null {
    return this.#step(this.past, this.future, answers);
  }

  redo(answers: Answers): { label: string; changes: Change[] } | null {
    return this.#step(this.future, this.past, answers);
  }

  #step(from: Entry[], to: Entry[], answers: Answers) {
    for (let entry = from.pop(); entry; entry = from.pop()) {
      const again = back(answers, entry.changes);
      // A row that somebody else has removed meanwhile: nothing left of this step.
      if (again.length === 0) continue;
      to.push({ ...entry, changes: again, typing: null });
      return { label: entry.label, changes: entry.changes };
    }
    return null;
  }
}

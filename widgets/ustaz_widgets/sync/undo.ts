/**
 * Undo and redo of edits.
 *
 * Undoing is a new change, not a step back in time, and takes back one's own: where somebody else
 * has written since, what they wrote stays. Inside a text field the browser's own undo works; this
 * one is for everything else, rows above all.
 */
import {
  applyChange,
  inverse,
  key,
  pathOf,
  rowBefore,
  rowsOf,
  same,
  valueAt,
} from "../model/changes";
import type { Answers, Change } from "../model/types";

interface Entry {
  label: string;
  changes: Change[];
  /** What each of them meets when nobody else has been there. */
  meets: unknown[];
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

/** What stands where a change would change something. */
function met(answers: Answers, change: Change): unknown {
  const path = pathOf(change);
  if (change.op !== "move_row") return valueAt(answers, path) ?? null;
  return rowBefore(rowsOf(answers, path[0] as string), path[1] as string);
}

/** What changes meet, one after the other. */
function meetings(answers: Answers, changes: readonly Change[]): unknown[] {
  let state = answers;
  return changes.map((change) => {
    const now = met(state, change);
    state = applyChange(state, change);
    return now;
  });
}

export class UndoStack {
  past: Entry[] = [];
  future: Entry[] = [];

  /** Remember how to take `changes` back; `answers` are those before them. */
  record(answers: Answers, changes: readonly Change[], label: string, now: number): void {
    const undo = back(answers, changes);
    if (undo.length === 0) return;
    const meets = meetings(changes.reduce(applyChange, answers), undo);
    const only = changes.length === 1 ? changes[0] : undefined;
    const typing = only?.op === "set" && typeof only.value === "string" ? key(pathOf(only)) : null;
    const last = this.past.at(-1);
    this.future = [];
    if (
      last &&
      typing !== null &&
      last.typing === typing &&
      now - last.at < PAUSE &&
      same(last.meets[0], met(answers, only as Change))
    ) {
      last.at = now;
      last.meets = meets;
      return;
    }
    this.past = [...this.past.slice(1 - DEPTH), { label, changes: undo, meets, typing, at: now }];
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
      let state = answers;
      const { meets, label } = entry;
      const changes = entry.changes.filter((change, at) => {
        // Somebody else has been here since: that is theirs, and stays.
        if (!same(met(state, change), meets[at])) return false;
        state = applyChange(state, change);
        return true;
      });
      const again = back(answers, changes);
      if (again.length === 0) continue;
      to.push({ label, changes: again, meets: meetings(state, again), typing: null, at: entry.at });
      return { label, changes };
    }
    return null;
  }
}

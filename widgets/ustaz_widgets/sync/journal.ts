/**
 * What the server has not acknowledged yet, kept in the browser so that a reload, a crash or a
 * dead network loses nothing.
 *
 * Every open page writes a key of its own, so pages never overwrite each other. A page that is
 * gone (it said so while closing, or it no longer holds its lock) leaves its key to the next one,
 * which sends the changes with the batch ids and base revisions they had: the server recognises
 * what it has already taken, and newer answers from elsewhere become a question, never a loss.
 */
import type { Change, Conflict, Row } from "../model/types";

export interface SealedBatch {
  batch: string;
  client: string;
  base_revision: number;
  changes: Change[];
  /** It may have reached the server already. */
  tried?: boolean;
  /** Words given up for others: for the history, not for the answers. */
  aside?: boolean;
  /** One change by itself: nothing joins it, and when it fails the others go first. */
  alone?: boolean;
  /** How often it failed on this page, and how many others had been taken by then. */
  failed?: number;
  since?: number;
}
/** A value that waits for the person's choice. */
export interface OpenConflict extends Conflict {
  id: string;
  /** The row as it was last seen, when somebody else removed it. */
  row?: Row;
}
/** A change that the server did not take, while it took others: kept until the person decides. */
export interface Refused {
  id: string;
  change: Change;
  message?: string;
  client?: string;
  base_revision?: number;
  aside?: boolean;
  unfit?: boolean;
}
export interface Kept {
  batches: SealedBatch[];
  conflicts: OpenConflict[];
  refused: Refused[];
}
interface Entry extends Kept {
  v: 1;
  client: string;
  closed: boolean;
  beat: number;
  /** When the first of it was written; home tells it (src/ustaz/server/static/unsent.js). */
  since?: number;
}

const DEAD_AFTER = 90_000;
export const EMPTY: Kept = { batches: [], conflicts: [], refused: [] };

export interface JournalHost {
  storage: Storage | null;
  now: () => number;
  locks: LockManager | null;
}

export class Journal {
  #release: (() => void) | undefined;
  #since: number | undefined;
  readonly #key: string;
  readonly #prefix: string;

  constructor(
    scope: string,
    readonly client: string,
    private readonly host: JournalHost,
  ) {
    this.#prefix = `ustaz:kept:${scope}:`;
    this.#key = this.#prefix + client;
    // Held for as long as the page lives; the browser lets go of it even after a crash.
    void host.locks
      ?.request(this.#key, () => new Promise<void>((done) => (this.#release = done)))
      .catch(() => undefined);
  }

  /** Write what is not acknowledged. False when the browser has no room or no storage. */
  write(kept: Kept, closed = false): boolean {
    const { storage } = this.host;
    if (!storage) return false;
    const nothing =
      kept.batches.length === 0 && kept.conflicts.length === 0 && kept.refused.length === 0;
    try {
      if (nothing) {
        this.#since = undefined;
        storage.removeItem(this.#key);
      } else {
        const beat = this.host.now();
        this.#since ??= beat;
        const { client } = this;
        const entry: Entry = { v: 1, client, closed, beat, since: this.#since, ...kept };
        storage.setItem(this.#key, JSON.stringify(entry));
      }
      return true;
    } catch {
      return nothing;
    }
  }

  /** Is our own entry still ours? Another page may have taken it while this one slept. */
  present(): boolean {
    try {
      return this.host.storage?.getItem(this.#key) != null;
    } catch {
      return false;
    }
  }

  /** Take over what pages that are gone have left; `sure` when the answer needs no asking. */
  takeClosed(): Kept {
    return this.#take((entry) => entry.closed);
  }

  async takeDead(): Promise<Kept> {
    const { locks, now } = this.host;
    if (locks) {
      const { held = [] } = await locks.query();
      const alive = new Set(held.map((lock) => lock.name));
      return this.#take((_, key) => !alive.has(key));
    }
    return this.#take((entry) => entry.closed || now() - entry.beat > DEAD_AFTER);
  }

  #take(gone: (entry: Entry, key: string) => boolean): Kept {
    const { storage } = this.host;
    const taken: Kept = { batches: [], conflicts: [], refused: [] };
    if (!storage) return taken;
    const entries: [string, Entry][] = [];
    try {
      for (let at = 0; at < storage.length; at += 1) {
        const key = storage.key(at);
        if (!key?.startsWith(this.#prefix) || key === this.#key) continue;
        const entry = parse(storage.getItem(key));
        if (entry && gone(entry, key)) entries.push([key, entry]);
      }
    } catch {
      return taken; // storage that has begun to throw: nothing can be taken over from it
    }
    entries.sort(([, a], [, b]) => a.beat - b.beat);
    for (const [, entry] of entries) {
      this.#since = Math.min(this.#since ?? Number.POSITIVE_INFINITY, entry.since ?? entry.beat);
      taken.batches.push(...entry.batches);
      taken.conflicts.push(...entry.conflicts);
      taken.refused.push(...entry.refused);
    }
    this.#taken = entries.map(([key]) => key);
    return taken;
  }

  #taken: string[] = [];

  /** Drop what was taken over, once it is written under our own key. */
  settle(): void {
    try {
      for (const key of this.#taken) this.host.storage?.removeItem(key);
    } catch {
      // It will be taken over once more: the server knows the batches that it has.
    }
    this.#taken = [];
  }

  close(): void {
    this.#release?.();
  }
}

function parse(text: string | null): Entry | null {
  try {
    const entry = JSON.parse(text ?? "null") as Entry | null;
    const sound =
      entry?.v === 1 &&
      Array.isArray(entry.batches) &&
      Array.isArray(entry.conflicts) &&
      Array.isArray(entry.refused);
    return sound ? entry : null;
  } catch {
    return null;
  }
}

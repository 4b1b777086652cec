/**
 * One document of answers, kept in step with the server.
 *
 * Invariants:
 * - what the server acknowledged is `#base`; everything else is in `#batches` (or waits for a
 *   choice in `conflicts`), in the order it was made, and in the browser's journal;
 * - a batch keeps its id and its base revision for ever, so that sending it twice does nothing and
 *   an answer that is newer elsewhere is noticed;
 * - only an acknowledgement makes the state "saved".
 */
import * as waiting from "./batches";
import { sendable, uuid } from "./changes";
import { elsewhere, givenUp, missedConflicts, openConflicts, typedOn, wayBack } from "./conflicts";
import { markAt, placeOf } from "./entered";
import * as around from "./host";
import { Journal, type Kept, type OpenConflict, type Refused, type SealedBatch } from "./journal";
import { type Problem, problemOf } from "./transport";
import type { Answers, Change, Document, Mark, Path, Saved, Store, StoreState } from "./types";
import { UndoStack } from "./undo";

export type { StoreHost, StoreOptions } from "./host";

const PAUSE = 1000;
const AT_MOST = 4000;
const STALE = 60_000;

export class DocumentStore implements Store {
  readonly workbook: string;
  readonly client = uuid();
  readonly readonly: boolean;
  conflicts: OpenConflict[] = [];
  refused: Refused[] = [];
  /** Why the last attempt failed, while something waits. */
  problem: Problem | null = null;
  savedAt: string | null;
  /** Language of the interface: that of the answers until the person chooses another. */
  lang: string;

  #base: Document;
  #batches: SealedBatch[] = [];
  #view: Document | null = null;
  #listeners = new Set<() => void>();
  #undo = new UndoStack();
  #sending = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstEdit: number | null = null;
  #journalled = true;
  /** The page has gone: what it leaves is for the next one. */
  #left = false;
  #synced: number;
  #ended = new AbortController();
  readonly #url: string;
  readonly #typist: boolean;
  readonly #host: around.StoreHost;
  readonly #journal: Journal;
  readonly #channel: BroadcastChannel | null;

  constructor(options: around.StoreOptions) {
    const { document: first } = options;
    const { url, scope, typist } = around.placesOf(options);
    this.#host = { ...around.browserHost(), ...options.host };
    this.workbook = first.workbook;
    this.readonly = options.readonly === true;
    this.lang = options.lang;
    this.#base = first;
    this.#url = url;
    this.#typist = typist;
    this.savedAt = first.revision > 0 ? (first.updated_at ?? null) : null;
    this.#synced = this.#host.now();
    this.#journal = new Journal(scope, this.client, this.#host);
    this.#channel = this.readonly ? null : this.#host.channel(`ustaz:${scope}`);
    if (this.readonly) return;
    this.#adopt(this.#journal.takeClosed());
    void this.#journal.takeDead().then((kept) => this.#adopt(kept));
    this.#listen();
  }

  // -------------------------------------------------------------- what components read

  /** The document with every local change applied. */
  get document(): Document {
    this.#view ??= waiting.overlaid(this.#base, this.#batches, this.conflicts, this.#typist);
    return this.#view;
  }

  get answers(): Answers {
    return this.document.answers;
  }

  /** The revision that the server has acknowledged. */
  get revision(): number {
    return this.#base.revision;
  }

  get state(): StoreState {
    if (this.problem && this.#batches.length > 0) return "kept";
    if (this.conflicts.length > 0) return "choose";
    if (this.#batches.length > 0) return "saving";
    return this.savedAt ? "saved" : "idle";
  }

  /** True while closing the page could lose something: not sent, and not kept in the browser. */
  get fragile(): boolean {
    return !this.#journalled && this.#batches.length + this.conflicts.length > 0;
  }

  get settled(): boolean {
    return this.#batches.length === 0 && this.conflicts.length === 0;
  }

  /** Who typed in what stands on the server at a path, if somebody did. */
  markOf(path: Path): Mark | undefined {
    return markAt(this.#base.entered, placeOf(path));
  }

  get canUndo(): boolean {
    return this.#undo.past.length > 0;
  }

  get canRedo(): boolean {
    return this.#undo.future.length > 0;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // -------------------------------------------------------------- what components do

  edit(change: Change | Change[], label = ""): void {
    const changes = [change].flat().map(sendable);
    if (this.readonly || changes.length === 0) return;
    this.#undo.record(this.answers, changes, label, this.#host.now());
    this.#enter(changes);
  }

  undo(): string | null {
    const step = this.#undo.undo(this.answers);
    if (step) this.#enter(step.changes);
    return step?.label ?? null;
  }

  redo(): string | null {
    const step = this.#undo.redo(this.answers);
    if (step) this.#enter(step.changes);
    return step?.label ?? null;
  }

  /** Send now what waits. */
  flush(): void {
    const waits = this.problem !== null && this.problem.kind !== "too_large";
    if (this.#batches.length > 0 && !waits) void this.#pump();
  }

  /** Try again now: the network came back, or the person asked. */
  retry(): void {
    this.#attempt = 0;
    void this.#pump();
  }

  /** Resolves when nothing waits any more, or when saving has failed. */
  async whenSettled(): Promise<boolean> {
    this.flush();
    while (this.#batches.length > 0 && !this.problem) {
      await new Promise<void>((done) => {
        const stop = this.subscribe(() => {
          stop();
          done();
        });
      });
    }
    return this.settled;
  }

  keepMine(id: string): void {
    const conflict = this.conflicts.find((candidate) => candidate.id === id);
    if (!conflict) return;
    const { changes, resolved } = wayBack(conflict, this.conflicts, this.#base.answers);
    this.conflicts = this.conflicts.filter((candidate) => !resolved.includes(candidate.id));
    this.#enter(changes);
    this.flush();
  }

  takeTheirs(id: string): void {
    this.conflicts = givenUp(this.conflicts, id);
    this.#changed();
  }

  forget(id: string): void {
    this.refused = this.refused.filter((refused) => refused.id !== id);
    this.#changed();
  }

  /** Take a document that the server has just handed out (after a restore, say). */
  take(document: Document, savedAt?: string): void {
    if (document.revision < this.#base.revision) return;
    this.#base = document;
    this.savedAt = savedAt ?? document.updated_at ?? this.savedAt;
    this.#tellOthers();
    this.#changed();
  }

  /** Look whether another device has written something. */
  async refresh(): Promise<void> {
    try {
      const document = await this.#fetch();
      this.#synced = this.#host.now();
      if (document.revision > this.#base.revision) this.take(document);
    } catch {
      // Nothing was lost by not looking.
    }
  }

  destroy(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#leave();
    this.#journal.close();
    this.#channel?.close();
    this.#listeners.clear();
  }

  // -------------------------------------------------------------- inside

  #changed(): void {
    this.#view = null;
    const kept = { batches: this.#batches, conflicts: this.conflicts, refused: this.refused };
    if (!this.readonly) this.#journalled = this.#journal.write(kept, this.#left);
    for (const listener of [...this.#listeners]) listener();
  }

  #enter(changes: readonly Change[]): void {
    const fresh = changes.filter((change) => !typedOn(this.conflicts, change));
    const base = this.#base.revision;
    for (const change of fresh) waiting.enqueue(this.#batches, change, this.client, base);
    const now = this.#host.now();
    this.#firstEdit ??= now;
    // A retry that is due anyway takes the new change along; a shortened text need not wait for it.
    const due = this.problem && this.problem.kind !== "too_large" && this.#timer !== undefined;
    if (this.#batches.length > 0 && !due) {
      this.#schedule(Math.max(0, Math.min(PAUSE, this.#firstEdit + AT_MOST - now)));
    }
    this.#changed();
  }

  #adopt(kept: Kept): void {
    const found = kept.batches.length + kept.conflicts.length + kept.refused.length;
    if (found === 0 || this.#ended.signal.aborted) return;
    this.#batches = waiting.adopted(this.#batches, kept);
    this.conflicts = [...this.conflicts, ...kept.conflicts];
    this.refused = [...this.refused, ...kept.refused];
    this.#changed();
    if (this.#journalled) this.#journal.settle();
    this.#schedule(0);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#pump();
    }, delay);
  }

  async #pump(keepalive = false): Promise<void> {
    const batch = this.#batches[0];
    if (this.#sending || !batch || this.#ended.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#firstEdit = null;
    const again = batch.tried === true;
    batch.tried = true;
    this.#sending = true;
    this.#changed();
    try {
      const saved = (await this.#send(batch, keepalive)) as Saved;
      if (again && !saved.document) saved.document = await this.#fetch();
      this.#sending = false;
      this.#acknowledged(batch, saved, again);
    } catch (error) {
      this.#sending = false;
      this.#failed(batch, problemOf(error));
    }
  }

  #send(batch: SealedBatch, keepalive: boolean): Promise<unknown> {
    const { tried: _, ...sealed } = batch;
    const body = { ...sealed, lang: this.document.lang || this.lang };
    return this.#host.request("PATCH", this.#url, { body, keepalive });
  }

  async #fetch(): Promise<Document> {
    const data = (await this.#host.request("GET", this.#url)) as Document & { document?: Document };
    return data.document ?? data;
  }

  #acknowledged(batch: SealedBatch, saved: Saved, again: boolean): void {
    const before = this.answers;
    this.#batches = this.#batches.filter((other) => other !== batch);
    this.problem = null;
    this.#attempt = 0;
    this.savedAt = saved.saved_at ?? this.savedAt;
    this.#synced = this.#host.now();
    if (saved.document && saved.document.revision >= this.#base.revision) {
      this.#base = saved.document;
    } else if (saved.revision > this.#base.revision) {
      this.#base = waiting.grown(this.#base, batch, saved, this.#typist);
    }
    if (saved.revision === batch.base_revision + 1) {
      // Nobody wrote in between, so what waits was typed on top of this very revision.
      waiting.rebase(this.#batches, batch.base_revision, saved.revision);
    }
    const told = saved.conflicts ?? [];
    const missed = again ? missedConflicts(batch, told, this.#base, this.#batches) : [];
    for (const conflict of openConflicts([...told, ...missed], before, this.#base.answers)) {
      // What was typed since into the same place is part of "yours".
      this.#batches = waiting.absorbed(this.#batches, conflict);
      this.conflicts = [...elsewhere(this.conflicts, conflict), conflict];
    }
    this.#tellOthers();
    this.#changed();
    if (this.#batches.length > 0 && this.#timer === undefined) this.#schedule(0);
  }

  #failed(batch: SealedBatch, problem: Problem): void {
    this.problem = problem;
    const never = problem.kind === "refused" || problem.kind === "too_large";
    if (never && batch.changes.length > 1) {
      // One change is at fault: send them one by one, so that the others are kept.
      this.#batches = this.#batches.flatMap((other) =>
        other === batch ? waiting.singles(batch) : [other],
      );
      this.problem = null;
      this.#schedule(0);
    } else if (problem.kind === "refused") {
      const [change] = batch.changes;
      this.#batches = this.#batches.filter((other) => other !== batch);
      this.problem = null;
      if (change) this.refused = [...this.refused, waiting.refusal(change, problem)];
      if (this.#batches.length > 0) this.#schedule(0);
    } else if (problem.kind === "too_large") {
      // A text too large to keep goes last, and is tried again when it was shortened.
      const alone = this.#batches.length === 1;
      this.#batches = waiting.setAside(this.#batches, batch);
      if (!alone) this.problem = null;
      this.#schedule(alone ? around.SLOW_RETRY : 0);
    } else if (problem.kind !== "newer") {
      const slow = around.SLOWLY.has(problem.kind);
      this.#schedule(
        slow ? around.SLOW_RETRY : around.backOff(this.#attempt++, this.#host.random()),
      );
    }
    this.#changed();
  }

  #tellOthers(): void {
    this.#channel?.postMessage({ type: "saved", document: this.#base });
  }

  #listen(): void {
    around.watchPage(this.#ended.signal, {
      online: () => this.retry(),
      leave: () => this.#leave(),
      back: () => {
        this.#left = false;
        // Another page may have taken over while this one slept.
        if (this.#batches.length > 0 && !this.#journal.present()) this.#batches = [];
        this.#changed();
        this.retry();
        void this.refresh();
      },
      hidden: () => void this.#pump(true),
      visible: () => {
        if (this.problem) this.retry();
        else if (this.#host.now() - this.#synced > STALE) void this.refresh();
      },
    });
    this.#channel?.addEventListener("message", ({ data }: MessageEvent) => {
      const other = data?.document as Document | undefined;
      if (data?.type !== "saved" || !other || other.revision <= this.#base.revision) return;
      this.#base = other;
      this.savedAt = other.updated_at ?? this.savedAt;
      this.#changed();
    });
  }

  /** The page goes away: send what can go, and leave the rest to the next page. */
  #leave(): void {
    if (this.readonly) return;
    // Requests may overtake each other now: only what commutes goes along.
    for (const batch of waiting.commuting(this.#batches)) {
      batch.tried = true;
      void this.#send(batch, true).catch(() => undefined);
    }
    this.#left = true;
    this.#changed();
  }
}

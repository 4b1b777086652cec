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
import {
  applyChanges,
  coalesce,
  independent,
  key,
  overlaps,
  pathOf,
  sendable,
  uuid,
} from "./changes";
import { missedConflicts, openConflicts, wayBack } from "./conflicts";
import { markAt, placeOf, untouched } from "./entered";
import { Journal, type Kept, type OpenConflict, type Refused, type SealedBatch } from "./journal";
import { makeRequest, type Problem, problemOf, type Request } from "./transport";
import type { Answers, Change, Document, Mark, Path, Saved, Store, StoreState } from "./types";
import { UndoStack } from "./undo";

const PAUSE = 1000;
const AT_MOST = 4000;
const RETRY = [1000, 2000, 4000, 8000, 15_000, 30_000];
const SLOW_RETRY = 30_000;
/** What only a person can end: asking again at once would not help. */
const SLOWLY = new Set(["readonly", "signed_out", "other_person"]);
const STALE = 60_000;

export interface StoreHost {
  request: Request;
  storage: Storage | null;
  locks: LockManager | null;
  channel: (name: string) => BroadcastChannel | null;
  now: () => number;
  random: () => number;
}

export interface StoreOptions {
  api: string;
  /**
   * Where the document is kept, when `api` only leads there. What one page could not save yet,
   * another page of the same document takes over, whichever way it came.
   */
  keeper?: string | undefined;
  document: Document;
  /** Language of the interface when the person has not chosen one for writing. */
  lang: string;
  readonly?: boolean;
  /** Who writes, as the page believes; the server refuses a page that somebody else has taken. */
  by?: string | null | undefined;
  host?: Partial<StoreHost>;
}

function browserHost(): StoreHost {
  let storage: Storage | null = null;
  try {
    storage = globalThis.localStorage ?? null;
  } catch {
    // Storage is switched off: the guard on leaving takes its place.
  }
  return {
    request: makeRequest(),
    storage,
    locks: globalThis.navigator?.locks ?? null,
    channel: (name) =>
      typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name),
    now: () => Date.now(),
    random: () => Math.random(),
  };
}

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
  /** The address of the server that this page came from. */
  readonly host: string;
  readonly #url: string;
  readonly #typist: boolean;
  readonly #host: StoreHost;
  readonly #journal: Journal;
  readonly #channel: BroadcastChannel | null;

  constructor(options: StoreOptions) {
    const { api, document: first } = options;
    this.host = api.slice(0, Math.max(0, api.indexOf("ustaz/"))) || "/";
    this.#host = { ...browserHost(), ...options.host };
    this.workbook = first.workbook;
    this.readonly = options.readonly === true;
    this.lang = options.lang;
    this.#base = first;
    const { by } = options;
    this.#typist = !!by && by !== first.subject.id;
    const query = by ? `?${new URLSearchParams({ person: first.subject.id, by })}` : "";
    this.#url = `${api}/workbooks/${encodeURIComponent(first.workbook)}/answers${query}`;
    this.savedAt = first.revision > 0 ? (first.updated_at ?? null) : null;
    this.#synced = this.#host.now();
    // On a shared computer, words of one writer must not be sent under the name of another. In
    // front, so that the owner's scope is not the beginning of it.
    const typed = this.#typist ? `by:${by}:` : "";
    const scope = `${typed}${options.keeper ?? api}:${first.subject.kind}:${first.subject.id}:${first.workbook}`;
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
    this.#view ??= this.#overlaid();
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
    const conflict = this.conflicts.find((candidate) => candidate.id === id);
    const row = conflict?.row?.id;
    this.conflicts = this.conflicts.filter(
      (other) => other.id !== id && (row === undefined || other.row?.id !== row),
    );
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

  #overlaid(): Document {
    const changes = this.#batches.flatMap((batch) => batch.changes);
    // The person's own text stays in the field until they have chosen.
    const undecided = this.conflicts
      .map((conflict) => conflict.change)
      .filter((change) => change.op === "set" || change.op === "clear");
    const document = { ...this.#base };
    document.answers = applyChanges(document.answers, [...changes, ...undecided]);
    this.#unmark(document, [...changes, ...undecided]);
    for (const change of changes) {
      if (change.op === "status") document.status = change.value;
      if (change.op === "lang") document.lang = change.value;
    }
    return document;
  }

  /** What its owner changes is not "typed in by …" any more. */
  #unmark(document: Document, changes: readonly Change[]): void {
    const left = this.#typist ? document.entered : untouched(document.entered, changes);
    if (left) document.entered = left;
  }

  #changed(): void {
    this.#view = null;
    if (!this.readonly) this.#journalled = this.#journal.write(this.#kept(), this.#left);
    for (const listener of [...this.#listeners]) listener();
  }

  #kept(): Kept {
    return { batches: this.#batches, conflicts: this.conflicts, refused: this.refused };
  }

  #enter(changes: readonly Change[]): void {
    for (const change of changes) if (!this.#towardsConflict(change)) this.#queue(change);
    const now = this.#host.now();
    this.#firstEdit ??= now;
    // A retry that is due anyway takes the new change along; a shortened text need not wait for it.
    const due = this.problem && this.problem.kind !== "too_large" && this.#timer !== undefined;
    if (this.#batches.length > 0 && !due) {
      this.#schedule(Math.max(0, Math.min(PAUSE, this.#firstEdit + AT_MOST - now)));
    }
    this.#changed();
  }

  /** Typing on in a field that waits for a choice changes "yours", and sends nothing. */
  #towardsConflict(change: Change): boolean {
    if (change.op !== "set" && change.op !== "clear") return false;
    const path = key(change.path);
    const conflict = this.conflicts.find((candidate) => key(pathOf(candidate.change)) === path);
    if (!conflict) return false;
    conflict.change = change;
    return true;
  }

  #queue(change: Change): void {
    const open = this.#batches.at(-1);
    const base_revision = this.#base.revision;
    if (
      open &&
      !open.tried &&
      open.client === this.client &&
      open.base_revision === base_revision
    ) {
      open.changes = coalesce(open.changes, change);
    } else {
      this.#batches.push({ batch: uuid(), client: this.client, base_revision, changes: [change] });
    }
  }

  #adopt(kept: Kept): void {
    const found = kept.batches.length + kept.conflicts.length + kept.refused.length;
    if (found === 0 || this.#ended.signal.aborted) return;
    const own = this.#batches;
    // A batch that was never sent gets a new id: its first page may still wake up and add to it.
    const taken = kept.batches.map((one) => (one.tried ? one : { ...one, batch: uuid() }));
    const tried = own.filter((one) => one.tried);
    this.#batches = [...tried, ...taken, ...own.filter((one) => !one.tried)];
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
      this.#base = this.#grown(batch, saved);
    }
    if (saved.revision === batch.base_revision + 1) {
      // Nobody wrote in between, so what waits was typed on top of this very revision.
      for (const later of this.#batches) {
        if (later.base_revision === batch.base_revision) later.base_revision = saved.revision;
      }
    }
    const told = saved.conflicts ?? [];
    const missed = again ? missedConflicts(batch, told, this.#base, this.#batches) : [];
    for (const conflict of openConflicts([...told, ...missed], before, this.#base.answers)) {
      this.#raise(conflict);
    }
    this.#tellOthers();
    this.#changed();
    if (this.#batches.length > 0 && this.#timer === undefined) this.#schedule(0);
  }

  #grown(batch: SealedBatch, saved: Saved): Document {
    const document = { ...this.#base, revision: saved.revision, updated_at: saved.saved_at };
    document.answers = applyChanges(document.answers, batch.changes);
    this.#unmark(document, batch.changes);
    for (const change of batch.changes) {
      if (change.op === "status") document.status = change.value;
      if (change.op === "lang") document.lang = change.value;
    }
    return document;
  }

  /** Ask about a value; what was typed since into the same place is part of "yours". */
  #raise(conflict: OpenConflict): void {
    const path = key(pathOf(conflict.change));
    for (const batch of this.#batches) {
      const newer = batch.changes.filter(
        (change) => (change.op === "set" || change.op === "clear") && key(change.path) === path,
      );
      if (newer.length === 0) continue;
      conflict.change = newer.at(-1) as Change;
      batch.changes = batch.changes.filter((change) => !newer.includes(change));
    }
    this.#batches = this.#batches.filter((batch) => batch.changes.length > 0);
    this.conflicts = this.conflicts.filter((other) => key(pathOf(other.change)) !== path);
    this.conflicts = [...this.conflicts, conflict];
  }

  #failed(batch: SealedBatch, problem: Problem): void {
    this.problem = problem;
    const never = problem.kind === "refused" || problem.kind === "too_large";
    if (never && batch.changes.length > 1) {
      // One change is at fault: send them one by one, so that the others are kept.
      const { base_revision, client } = batch;
      const singles = batch.changes.map((change) => ({
        batch: uuid(),
        client,
        base_revision,
        changes: [change],
        tried: false,
      }));
      this.#batches = this.#batches.flatMap((other) => (other === batch ? singles : [other]));
      this.problem = null;
      this.#schedule(0);
    } else if (problem.kind === "refused") {
      const [change] = batch.changes;
      this.#batches = this.#batches.filter((other) => other !== batch);
      this.problem = null;
      if (change) {
        const message = [problem.message, problem.hint].filter(Boolean).join(" ");
        this.refused = [...this.refused, { id: uuid(), change, ...(message ? { message } : {}) }];
      }
      if (this.#batches.length > 0) this.#schedule(0);
    } else if (problem.kind === "too_large") {
      this.#setAside(batch);
    } else if (problem.kind !== "newer") {
      this.#schedule(this.#delay(problem));
    }
    this.#changed();
  }

  /** A text too large to keep goes last, and is tried again when it was shortened. */
  #setAside(batch: SealedBatch): void {
    const [change] = batch.changes;
    const rest = this.#batches.filter((other) => other !== batch);
    const path = change ? pathOf(change) : [];
    const newer = rest.some((other) =>
      other.changes.some((later) => overlaps(pathOf(later), path)),
    );
    batch.batch = uuid();
    batch.tried = false;
    this.#batches = newer ? rest : [...rest, batch];
    if (rest.length > 0) {
      this.problem = null;
      this.#schedule(0);
    } else this.#schedule(SLOW_RETRY);
  }

  #delay(problem: Problem): number {
    if (SLOWLY.has(problem.kind)) return SLOW_RETRY;
    const step = RETRY[Math.min(this.#attempt, RETRY.length - 1)] as number;
    this.#attempt += 1;
    // Spread over ±20 %, so that a class does not come back in the same second.
    return step * (0.8 + 0.4 * this.#host.random());
  }

  #tellOthers(): void {
    this.#channel?.postMessage({ type: "saved", document: this.#base });
  }

  #listen(): void {
    const { signal } = this.#ended;
    const on = (target: EventTarget, name: string, run: (event: Event) => void) =>
      target.addEventListener(name, run, { signal });
    on(window, "online", () => this.retry());
    on(window, "pagehide", () => this.#leave());
    on(window, "pageshow", (event) => {
      if (!(event as PageTransitionEvent).persisted) return;
      this.#left = false;
      // Another page may have taken over while this one slept.
      if (this.#batches.length > 0 && !this.#journal.present()) this.#batches = [];
      this.#changed();
      this.retry();
      void this.refresh();
    });
    on(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.#pump(true);
      else if (this.problem) this.retry();
      else if (this.#host.now() - this.#synced > STALE) void this.refresh();
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
    const [first, ...rest] = this.#batches;
    const ready = first ? [first] : [];
    const ahead = [...(first?.changes ?? [])];
    for (const batch of rest) {
      // Requests may overtake each other now: only what commutes goes along.
      if (!independent(ahead, batch.changes)) break;
      ready.push(batch);
      ahead.push(...batch.changes);
    }
    for (const batch of ready) {
      batch.tried = true;
      void this.#send(batch, true).catch(() => undefined);
    }
    this.#left = true;
    this.#changed();
  }
}

/**
 * One document of answers, kept in step with the server.
 *
 * Invariants:
 * - what the server acknowledged is `base`; everything else is in `batches` (or waits for a
 *   choice in `conflicts`), in the order it was made, and in the browser's journal;
 * - a batch keeps its id and its base revision for ever, so that sending it twice does nothing and
 *   an answer that is newer elsewhere is noticed;
 * - a change that the server does not take, while it takes others, holds up none of them: it goes
 *   into `refused`, where the person sees it, until they try again or drop it;
 * - only an acknowledgement makes the state "saved".
 */

import { sendable, uuid } from "../model/changes";
import type { Change, Document, Saved } from "../model/types";
import * as waiting from "./batches";
import * as questions from "./conflicts";
import * as failing from "./failing";
import {
  addressOf,
  backOff,
  browserHost,
  documentIn,
  nextTry,
  type StoreHost,
  type StoreOptions,
  watchPage,
} from "./host";
import { Journal, type Kept, type SealedBatch } from "./journal";
import { isSaved, type Problem, problemOf, RequestFailed } from "./transport";
import type { Store } from "./types";
import { StoreView } from "./view";

export type { StoreHost, StoreOptions } from "./host";

const PAUSE = 1000;
const AT_MOST = 4000;
const STALE = 60_000;

export class DocumentStore extends StoreView implements Store {
  readonly workbook: string;
  readonly client = uuid();
  readonly readonly: boolean;

  #sending: SealedBatch | null = null;
  #attempt = 0;
  /** How many batches the server has taken, and how many failed since the last of them. */
  #taken = 0;
  #streak = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstEdit: number | null = null;
  /** The page has gone: what it leaves is for the next one. */
  #left = false;
  #synced: number;
  #ended = new AbortController();
  readonly host: string;
  readonly #url: string;
  readonly #host: StoreHost;
  readonly #journal: Journal;
  readonly #channel: BroadcastChannel | null;

  constructor(options: StoreOptions) {
    const { url, scope, typist, host } = addressOf(options);
    super(options.document, options.lang, typist);
    const first = options.document;
    this.#host = { ...browserHost(), ...options.host };
    this.workbook = first.workbook;
    this.readonly = options.readonly === true;
    [this.#url, this.host] = [url, host];
    this.#synced = this.#host.now();
    this.#journal = new Journal(scope, this.client, this.#host);
    this.#channel = this.readonly ? null : this.#host.channel(`ustaz:${scope}`);
    if (this.readonly) return;
    this.#adopt(this.#journal.takeClosed());
    void this.#journal.takeDead().then((kept) => this.#adopt(kept));
    this.#listen();
  }

  // -------------------------------------------------------------- what components do

  edit(change: Change | Change[], label = ""): void {
    const changes = [change].flat().map(sendable);
    if (this.readonly || changes.length === 0) return;
    this.past.record(this.answers, changes, label, this.#host.now());
    this.#enter(changes);
  }

  undo(): string | null {
    const step = this.past.undo(this.answers);
    if (step) this.#enter(step.changes);
    return step?.label ?? null;
  }

  redo(): string | null {
    const step = this.past.redo(this.answers);
    if (step) this.#enter(step.changes);
    return step?.label ?? null;
  }

  /** Send now what waits. */
  flush(): void {
    const waits = this.problem !== null && this.problem.kind !== "too_large";
    if (this.batches.length > 0 && !waits) void this.#pump();
  }

  /** Try again now: the network came back, or the person asked. */
  retry(): void {
    this.#attempt = 0;
    void this.#pump();
  }

  /** Resolves when nothing waits any more, or when saving has failed. */
  async whenSettled(): Promise<boolean> {
    this.flush();
    while (this.batches.length > 0 && !this.#stuck) {
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
    const { changes, resolved } = questions.wayBack(conflict, this.conflicts, this.answers);
    this.conflicts = this.conflicts.filter((candidate) => !resolved.includes(candidate.id));
    this.#enter(changes);
    this.flush();
  }

  takeTheirs(id: string): void {
    const conflict = this.conflicts.find((candidate) => candidate.id === id);
    if (!conflict) return;
    // Nobody else has these words: they go into the history.
    const words = questions.givenWords(conflict, this.conflicts, this.base.answers);
    const from = { client: this.client, base_revision: this.base.revision, aside: true };
    this.batches = [...this.batches, ...words.map((change) => failing.single(from, change))];
    this.conflicts = questions.givenUp(this.conflicts, id);
    this.#changed();
    this.flush();
  }

  /** Drop what the server did not take: the person has decided so. */
  forget(id: string): void {
    this.refused = this.refused.filter((refused) => refused.id !== id);
    this.#changed();
  }

  /** Send once more what the server did not take. */
  sendAgain(id: string): void {
    const refusal = this.refused.find((candidate) => candidate.id === id);
    if (!refusal) return;
    const { client = this.client, base_revision = this.base.revision, aside = false } = refusal;
    this.refused = this.refused.filter((other) => other !== refusal);
    const again = failing.single({ client, base_revision, aside }, refusal.change);
    this.batches = [...this.batches, again];
    this.#changed();
    this.retry();
  }

  /** Take a document that the server has just handed out (after a restore, say). */
  take(document: Document, savedAt?: string): void {
    if (document.revision < this.base.revision) return;
    this.#stand(document);
    this.savedAt = savedAt ?? document.updated_at ?? this.savedAt;
    this.#channel?.postMessage({ type: "saved", document: this.base });
    this.#changed();
  }

  /** Look whether another device has written something. */
  async refresh(): Promise<void> {
    try {
      const document = await this.#fetch();
      this.#synced = this.#host.now();
      if (document.revision > this.base.revision) this.take(document);
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
    this.listeners.clear();
  }

  // -------------------------------------------------------------- inside

  /** Another document stands on the server: open questions are about that one. */
  #stand(document: Document): void {
    this.conflicts = questions.renewed(this.conflicts, this.base.answers, document);
    this.base = document;
  }

  /** How many batches of this store the server has acknowledged. */
  get acknowledged(): number {
    return this.#taken;
  }

  /** Does it take more than a moment until what waits is sent? */
  get #stuck(): boolean {
    if (!this.problem) return false;
    const all = this.batches.every((batch) => batch.failed);
    return all || this.#streak >= failing.FEW || this.problem.kind === "newer";
  }

  #changed(): void {
    this.view = null;
    const kept = { batches: this.batches, conflicts: this.conflicts, refused: this.refused };
    if (!this.readonly) this.journalled = this.#journal.write(kept, this.#left);
    for (const listener of [...this.listeners]) listener();
  }

  #enter(changes: readonly Change[]): void {
    const fresh = changes.filter((change) => !questions.typedOn(this.conflicts, change));
    this.conflicts = questions.withoutRows(this.conflicts, fresh);
    for (const change of fresh) this.#queue(change);
    const now = this.#host.now();
    this.#firstEdit ??= now;
    // A retry that is due anyway takes the new change along. Where the server did answer, it may
    // well take this one.
    const due = this.problem?.kind === "offline" && this.#timer !== undefined;
    if (this.batches.length > 0 && !due) {
      this.#schedule(Math.max(0, Math.min(PAUSE, this.#firstEdit + AT_MOST - now)));
    }
    this.#changed();
  }

  #queue(change: Change): void {
    // What is written on at a place that failed is another change, with what is there already.
    const rewritten = failing.rewritten(this.batches, this.refused, change, this.#sending);
    if (!rewritten) {
      waiting.enqueue(this.batches, change, this.client, this.base.revision);
      return;
    }
    this.refused = this.refused.filter((waits) => waits !== rewritten.over);
    this.batches = [...this.batches.filter((waits) => waits !== rewritten.over), rewritten.whole];
  }

  #adopt(kept: Kept): void {
    const count = kept.batches.length + kept.conflicts.length + kept.refused.length;
    if (count === 0 || this.#ended.signal.aborted) return;
    this.batches = waiting.adopted(this.batches, kept);
    this.conflicts = [...this.conflicts, ...kept.conflicts];
    this.refused = [...this.refused, ...kept.refused];
    this.#changed();
    if (this.journalled) this.#journal.settle();
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
    const batch = failing.nextOf(this.batches);
    if (this.#sending || !batch || this.#ended.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#firstEdit = null;
    const again = batch.tried === true;
    batch.tried = true;
    this.#sending = batch;
    this.#changed();
    try {
      const saved = await this.#send(batch, keepalive);
      if (!isSaved(saved)) throw new RequestFailed({ kind: "server", status: 200 });
      if (again && !saved.document) saved.document = await this.#fetch();
      this.#sending = null;
      this.#acknowledged(batch, saved, again);
    } catch (error) {
      const problem = problemOf(error);
      batch.failed = (batch.failed ?? 0) + 1;
      const takes = await this.#takesOthers(batch, problem);
      this.#sending = null;
      this.#failed(batch, problem, takes);
    }
  }

  /** Does the server take other changes than this one, which it never does? */
  async #takesOthers(batch: SealedBatch, problem: Problem): Promise<boolean> {
    batch.since ??= this.#taken;
    if (!failing.atFault(batch, problem)) return false;
    if (this.#taken > batch.since) return true;
    if (this.batches.length > 1 || !failing.isDoubtful(problem)) return false;
    const asking = failing.nothingNew(this.client, this.base);
    try {
      const answer = await (this.typist ? this.#fetch() : this.#send(asking, false));
      return this.typist || isSaved(answer);
    } catch {
      return false;
    }
  }

  #send(batch: SealedBatch, keepalive: boolean): Promise<unknown> {
    const body = waiting.sealed(batch, this.document.lang || this.lang);
    return this.#host.request("PATCH", this.#url, { body, keepalive });
  }

  async #fetch(): Promise<Document> {
    return documentIn(await this.#host.request("GET", this.#url));
  }

  #acknowledged(batch: SealedBatch, saved: Saved, again: boolean): void {
    const before = this.answers;
    this.batches = this.batches.filter((other) => other !== batch);
    this.problem = null;
    this.#attempt = 0;
    this.#streak = 0;
    this.#taken += 1;
    this.savedAt = saved.saved_at ?? this.savedAt;
    this.#synced = this.#host.now();
    if (saved.document && saved.document.revision >= this.base.revision) {
      this.#stand(saved.document);
    } else if (saved.revision > this.base.revision) {
      this.#stand(waiting.grown(this.base, batch, saved, this.typist));
    }
    if (saved.revision === batch.base_revision + 1) {
      // Nobody wrote in between, so what waits was typed on top of this very revision.
      waiting.rebase(this.batches, batch.base_revision, saved.revision);
    }
    const conflicts = saved.conflicts ?? [];
    const missed =
      again && !batch.aside
        ? questions.missedConflicts(batch, conflicts, this.base, this.batches)
        : [];
    for (const conflict of questions.openConflicts(
      [...conflicts, ...missed],
      before,
      this.base.answers,
    )) {
      // What was typed since into the same place is part of "yours".
      this.batches = waiting.absorbed(this.batches, conflict);
      this.conflicts = questions.withNew(this.conflicts, conflict);
    }
    this.#channel?.postMessage({ type: "saved", document: this.base });
    this.#changed();
    if (this.batches.length > 0 && this.#timer === undefined) this.#schedule(0);
  }

  #failed(batch: SealedBatch, problem: Problem, takes: boolean): void {
    this.problem = problem;
    this.#streak += 1;
    if (problem.kind !== "newer") {
      const { batches, apart } = failing.afterFailure(this.batches, batch, problem, takes);
      this.batches = batches;
      this.refused = [...this.refused, ...apart];
      const fresh = batches.some((other) => !other.failed);
      if (batches.length === 0 || (failing.isFinal(problem) && fresh)) this.problem = null;
      const soon = failing.isFinal(problem) || (problem.status > 0 && this.#streak < 5);
      const later = () => backOff(this.#attempt++, this.#host.random());
      if (batches.length > 0) this.#schedule(fresh && soon ? 0 : nextTry(problem, later));
    }
    this.#changed();
  }

  #listen(): void {
    watchPage(this.#ended.signal, {
      online: () => this.retry(),
      leave: () => this.#leave(),
      back: () => {
        this.#left = false;
        // Another page may have taken over while this one slept; without a journal none could.
        if (this.journalled && !this.#journal.present()) {
          [this.batches, this.conflicts, this.refused] = [[], [], []];
        }
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
      if (data?.type !== "saved" || !other || other.revision <= this.base.revision) return;
      this.#stand(other);
      this.savedAt = other.updated_at ?? this.savedAt;
      this.#changed();
    });
  }

  /** The page goes away: send what can go, and leave the rest to the next page. */
  #leave(): void {
    if (this.readonly) return;
    // Requests may overtake each other now: only what commutes goes along.
    for (const batch of waiting.commuting(this.batches)) {
      batch.tried = true;
      void this.#send(batch, true).catch(() => undefined);
    }
    this.#left = true;
    this.#changed();
  }
}

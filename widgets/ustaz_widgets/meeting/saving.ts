/**
 * A plan or a log that saves itself. Whole documents travel, each with the revision that it began
 * from: where somebody else saved in between, the person chooses. What was not acknowledged is kept
 * in the browser, page by page, and sent later, after a reload by the next page.
 */
import { makeRequest, problemOf, type Request } from "../sync/transport";
import { type PageData, randomId, storage } from "./page";

export type State =
  | { kind: "idle" | "waiting" | "saving" | "saved" }
  /** Not saved, still here: trying again helps (`fixed`: only another text does). */
  | { kind: "kept"; message: string; fixed: boolean; stored: boolean }
  | { kind: "choose"; by: string; stored: boolean };

interface Waiting {
  page: string;
  base: number;
  document: unknown;
  at: number;
}

/** After the last keystroke. */
const PAUSE = 1000;
const LONGEST = 30_000;

/** Tells which pages are open: a browser lets go of a lock even after a crash. */
async function openPages(prefix: string): Promise<Set<string>> {
  const held = (await navigator.locks?.query())?.held ?? [];
  return new Set(held.map((lock) => lock.name ?? "").filter((name) => name.startsWith(prefix)));
}

export class Saving {
  base: number;
  state: State = { kind: "idle" };
  #page = randomId();
  #waiting: unknown = null;
  #sending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #delay = 0;
  #stored = true;
  readonly #request: Request;

  constructor(
    private readonly data: PageData,
    private readonly part: "plan" | "log",
    private readonly changed: (state: State) => void,
  ) {
    this.base = data.revision;
    this.#request = makeRequest("_xsrf", fetch.bind(window), data.person);
    addEventListener("online", () => void this.flush());
    addEventListener("pagehide", () => void this.flush());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" || this.state.kind === "kept") void this.flush();
    });
  }

  get settled(): boolean {
    return this.#waiting === null && !this.#sending;
  }

  /** Return what a page that is gone could not send, and go on in its place. */
  async takeOver(): Promise<unknown> {
    const prefix = `${this.data.key}:page:`;
    const open = await openPages(prefix);
    const left = storage
      .names(prefix)
      .filter((name) => !open.has(name))
      .map((name) => storage.read<Waiting>(name))
      .filter((waiting) => waiting !== null && typeof waiting.page === "string")
      .sort((a, b) => (b as Waiting).at - (a as Waiting).at)[0];
    if (left) {
      this.#page = left.page;
      this.base = left.base;
      this.#waiting = left.document;
    }
    void navigator.locks?.request(this.#name, () => new Promise(() => undefined));
    return left?.document ?? null;
  }

  /** Keep what stands on the page now, and send it a moment later. */
  change(document: unknown, { wait = false } = {}): void {
    this.#waiting = document;
    this.#keep();
    if (this.state.kind !== "choose" && !wait) {
      this.#say({ kind: "waiting" });
      this.#plan(PAUSE);
    }
  }

  /** Send at once; tell whether everything is saved. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#waiting === null || this.#sending || this.state.kind === "choose")
      return this.settled;
    const document = this.#waiting;
    this.#sending = true;
    this.#say({ kind: "saving" });
    try {
      const body = { revision: this.base, page: this.#page, [this.part]: document };
      const answer = (await this.#request("POST", this.data.save, { body, keepalive: true })) as {
        revision?: unknown;
      };
      if (!Number.isInteger(answer.revision)) throw new TypeError("no acknowledgement");
      this.base = answer.revision as number;
      this.#sending = false;
      this.#delay = 0;
      if (this.#waiting === document) {
        this.#waiting = null;
        storage.write(this.#name, null);
        this.#say({ kind: "saved" });
        return true;
      }
      this.#keep();
      return await this.flush();
    } catch (error) {
      this.#sending = false;
      this.#failed(error);
      return false;
    }
  }

  /** Of two plans let this page's be the one that counts. */
  mine(revision: number): Promise<boolean> {
    this.base = revision;
    this.#keep();
    this.#say({ kind: "waiting" });
    return this.flush();
  }

  /** Let the other one stand, and drop what this page has. */
  theirs(): void {
    this.#waiting = null;
    storage.write(this.#name, null);
  }

  #failed(error: unknown): void {
    const problem = problemOf(error);
    const now = problem.data as { by?: string; revision?: number } | undefined;
    if (problem.error === "plan_changed" && Number.isInteger(now?.revision)) {
      this.revision = now?.revision as number;
      this.#say({ kind: "choose", by: now?.by ?? "", stored: this.#stored });
      return;
    }
    const fixed = problem.kind === "refused" || problem.kind === "too_large";
    const message = [problem.message, problem.hint].filter(Boolean).join(" ");
    this.#say({ kind: "kept", message, fixed, stored: this.#stored });
    if (fixed) return;
    this.#delay = Math.min(LONGEST, this.#delay ? this.#delay * 2 : 1000);
    this.#plan(this.#delay);
  }

  /** The revision that counts while the person chooses. */
  revision = 0;

  get #name(): string {
    return `${this.data.key}:page:${this.#page}`;
  }

  #keep(): void {
    const waiting: Waiting = {
      page: this.#page,
      base: this.base,
      document: this.#waiting,
      at: Date.now(),
    };
    this.#stored = storage.write(this.#name, waiting);
  }

  #plan(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), delay);
  }

  #say(state: State): void {
    this.state = state;
    this.changed(state);
  }
}

/** What a store asks of the browser around it; tests bring their own. */

import type { Document } from "../model/types";
import { makeRequest, type Problem, type Request } from "./transport";

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

/** Where a document is saved, under which name the browser keeps what waits, and who writes. */
export function addressOf({ api, keeper, document, by }: StoreOptions): {
  url: string;
  scope: string;
  typist: boolean;
  /** The address of the server that the page came from. */
  host: string;
} {
  const { subject, workbook } = document;
  const typist = !!by && by !== subject.id;
  const query = by ? `?${new URLSearchParams({ person: subject.id, by })}` : "";
  // On a shared computer, words of one writer must not be sent under the name of another. In
  // front, so that the owner's scope is not the beginning of it.
  const typed = typist ? `by:${by}:` : "";
  return {
    url: `${api}/workbooks/${encodeURIComponent(workbook)}/answers${query}`,
    scope: `${typed}${keeper ?? api}:${subject.kind}:${subject.id}:${workbook}`,
    typist,
    host: api.slice(0, Math.max(0, api.indexOf("ustaz/"))) || "/",
  };
}

/** A document, handed out by itself or inside an answer. */
export function documentIn(answer: unknown): Document {
  const data = answer as Document & { document?: Document };
  const document = data.document ?? data;
  if (!Number.isInteger(document.revision)) throw new Error("no document");
  return document;
}

export function browserHost(): StoreHost {
  let storage: Storage | null = null;
  try {
    const local = globalThis.localStorage ?? null;
    // Some browsers hand it out and throw at the first touch.
    local?.getItem("ustaz:kept");
    storage = local;
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

const RETRY = [1000, 2000, 4000, 8000, 15_000, 30_000];
const SLOW_RETRY = 30_000;

/** How long to wait before the next attempt, in milliseconds. */
export function backOff(attempt: number, random: number): number {
  const step = RETRY[Math.min(attempt, RETRY.length - 1)] as number;
  // Spread over ±20 %, so that a class does not come back in the same second.
  return step * (0.8 + 0.4 * random);
}

/** What only a person can end: asking again at once would not help. */
const SLOWLY = new Set(["readonly", "signed_out", "other_person", "too_large"]);

/** How long to wait after a failure, in milliseconds. */
export function nextTry({ kind, error }: Problem, usual: () => number): number {
  // Something in between may have said so, of this change alone.
  const unsure = kind === "signed_out" && !error;
  return SLOWLY.has(kind) && !unsure ? SLOW_RETRY : usual();
}

export interface Surroundings {
  online: () => void;
  hidden: () => void;
  visible: () => void;
  /** The page goes away, perhaps for good. */
  leave: () => void;
  /** The page was only asleep. */
  back: () => void;
}

/** Hear what happens to the page, until `signal` ends it. */
export function watchPage(signal: AbortSignal, surroundings: Surroundings): void {
  const on = (target: EventTarget, name: string, run: (event: Event) => void) =>
    target.addEventListener(name, run, { signal });
  on(window, "online", surroundings.online);
  on(window, "pagehide", surroundings.leave);
  on(window, "pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) surroundings.back();
  });
  on(document, "visibilitychange", () => {
    if (document.visibilityState === "hidden") surroundings.hidden();
    else surroundings.visible();
  });
}

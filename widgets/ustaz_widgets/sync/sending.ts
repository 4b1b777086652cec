/**
 * Files on their way to the server: in pieces, each acknowledged; going on after a lost connection,
 * and after the page was closed, since what waits lies in the browser's own store.
 */
import type { Seen } from "../model/answers";
import { backOff } from "./host";
import { sha256 } from "./sha256";
import { type Problem, problemOf, type Request } from "./transport";

/** Small, so that on a bad line something is acknowledged every few seconds. */
const PIECE = 48 * 1024;
const READING = 90_000;

export type SendingState = "waiting" | "sending" | "reading" | "away" | "failed";

/** A file that was chosen and is not on the server yet. */
export interface Waiting {
  /** The document's and the field's place, so that only its own page goes on with it. */
  place: string;
  hash: string;
  name: string;
  visible: Seen;
  data: Blob;
}

export interface Sent {
  hash: string;
  name: string;
  size: number;
  type: string;
}

export interface Sending extends Waiting {
  state: SendingState;
  /** Bytes that the server has acknowledged. */
  held: number;
  problem?: Problem;
}

/** What keeps files while they wait; a browser without it keeps them in memory. */
export interface Shelf {
  put(file: Waiting): Promise<void>;
  remove(file: Waiting): Promise<void>;
  all(place: string): Promise<Waiting[]>;
}

const NOTHING: Shelf = {
  put: async () => undefined,
  remove: async () => undefined,
  all: async () => [],
};

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The browser's own store; where it is closed (a private window), files wait in memory. */
export async function browserShelf(): Promise<Shelf> {
  try {
    const opening = indexedDB.open("ustaz-files", 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore("waiting", { keyPath: ["place", "hash"] });
    const database = await asked(opening);
    const store = (mode: IDBTransactionMode) =>
      database.transaction("waiting", mode).objectStore("waiting");
    return {
      put: async (file) => void (await asked(store("readwrite").put(file))),
      remove: async ({ place, hash }) =>
        void (await asked(store("readwrite").delete([place, hash]))),
      all: async (place) => {
        const range = IDBKeyRange.bound([place, ""], [place, "\uffff"]);
        return (await asked(store("readonly").getAll(range))) as Waiting[];
      },
    };
  } catch {
    return NOTHING;
  }
}

export interface SenderOptions {
  api: string;
  request: Request;
  /** Who writes, as the page believes. */
  by: string | null | undefined;
  place: string;
  /** Called when anything has changed. */
  changed: () => void;
  /** Called with a file that is on the server; it is no longer waiting then. */
  arrived: (file: Sent, visible: Seen) => void;
  shelf?: Promise<Shelf>;
  /** Resolves after so many milliseconds, or when the connection is back. */
  pause?: (milliseconds: number) => Promise<void>;
}

function untilOnline(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
  });
}

/** What trying again helps against. */
const PASSES = new Set(["offline", "server", "stopped", "signed_out"]);

export class Sender {
  readonly files: Sending[] = [];
  #shelf: Promise<Shelf>;
  #running = false;
  #stopped = false;

  constructor(private readonly options: SenderOptions) {
    this.#shelf = options.shelf ?? browserShelf();
  }

  /** Go on with what an earlier page left. */
  async resume(): Promise<void> {
    const shelf = await this.#shelf;
    for (const file of await shelf.all(this.options.place).catch(() => [])) this.#enter(file);
  }

  async add(data: Blob, name: string, visible: Seen): Promise<void> {
    const hash = await sha256(new Uint8Array(await data.arrayBuffer()));
    const file: Waiting = { place: this.options.place, hash, name, visible, data };
    // Before anything is sent: a page that is closed in between goes on with it.
    await (await this.#shelf).put(file).catch(() => undefined);
    this.#enter(file);
  }

  async remove(file: Sending): Promise<void> {
    const at = this.files.indexOf(file);
    if (at >= 0) this.files.splice(at, 1);
    this.options.changed();
    await (await this.#shelf).remove(file).catch(() => undefined);
  }

  retry(file: Sending): void {
    this.#set(file, { state: "waiting" });
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
  }

  #enter(file: Waiting): void {
    if (this.files.some(({ hash }) => hash === file.hash)) return;
    this.files.push({ ...file, state: "waiting", held: 0 });
    this.options.changed();
    void this.#run();
  }

  #set(file: Sending, change: Partial<Sending>): void {
    Object.assign(file, change);
    this.options.changed();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (;;) {
        const next = this.files.find(({ state }) => state === "waiting" || state === "away");
        if (!next || this.#stopped) return;
        await this.#send(next);
      }
    } finally {
      this.#running = false;
    }
  }

  async #send(file: Sending): Promise<void> {
    for (let attempt = 0; !this.#stopped && this.files.includes(file); attempt += 1) {
      const before = file.held;
      try {
        const sent = await this.#once(file);
        if (!this.files.includes(file)) return;
        await this.remove(file);
        this.options.arrived(sent, file.visible);
        return;
      } catch (error) {
        const problem = problemOf(error);
        if (!PASSES.has(problem.kind)) {
          this.#set(file, { state: "failed", problem });
          return;
        }
        this.#set(file, { state: "away", problem });
        if (file.held > before) attempt = 0;
        const pause = this.options.pause ?? untilOnline;
        await pause(backOff(attempt, Math.random()));
      }
    }
  }

  /** Say what comes, send what the server does not hold, and have it read. */
  async #once(file: Sending): Promise<Sent> {
    const { request, api, by } = this.options;
    const query = by ? `by=${encodeURIComponent(by)}` : "";
    const body = {
      name: file.name,
      size: file.data.size,
      sha256: file.hash,
      visible: file.visible,
    };
    const begun = (await request("POST", `${api}/files?${query}`, { body })) as {
      file?: Sent;
      offset?: number;
    };
    if (begun.file) return begun.file;
    this.#set(file, { state: "sending", held: begun.offset ?? 0 });
    while (file.held < file.data.size && !this.#stopped && this.files.includes(file)) {
      const bytes = file.data.slice(file.held, file.held + PIECE);
      const url = `${api}/files/${file.hash}?offset=${file.held}&${query}`;
      const { offset } = (await request("PUT", url, { bytes })) as { offset: number };
      this.#set(file, { held: offset });
    }
    this.#set(file, { state: "reading" });
    const url = `${api}/files/${file.hash}/finish?${query}`;
    const done = (await request("POST", url, { timeout: READING })) as { file: Sent };
    return done.file;
  }
}

/** The store against a server that merges, fails, loses answers and is restarted. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { dom } from "../dev/testing";
import { applyChange, key, pathOf, valueAt } from "../model/changes";
import type { Batch, Change, Conflict, Document, Value } from "../model/types";
import { DocumentStore, type StoreHost } from "./store";
import { type Problem, type Request, RequestFailed } from "./transport";

const set = (path: string[], value: Value): Change => ({ op: "set", path, value });

/** What `ustaz.answers` does with a batch, in short. */
class FakeServer {
  document: Document = {
    workbook: "focus",
    subject: { kind: "person", id: "aigul-s" },
    status: "draft",
    revision: 0,
    updated_at: null,
    answers: {},
  };
  stamps = new Map<string, [number, string]>();
  taken = new Set<string>();
  received: Batch[] = [];
  problem: Problem | null = null;
  loseAnswer = false;
  /** Held requests, answered by `release`. */
  hold = false;
  #held: (() => void)[] = [];

  request: Request = async (method, _url, options) => {
    if (this.hold) await new Promise<void>((done) => this.#held.push(done));
    if (this.problem) throw new RequestFailed(this.problem);
    if (method === "GET") return structuredClone(this.document);
    const told = this.#save(structuredClone(options?.body) as Batch);
    if (this.loseAnswer) {
      this.loseAnswer = false;
      throw new RequestFailed({ kind: "offline", status: 0 });
    }
    return told;
  };

  release(): void {
    this.hold = false;
    for (const go of this.#held.splice(0)) go();
  }

  #save(batch: Batch) {
    this.received.push(batch);
    const conflicts: Conflict[] = [];
    if (!this.taken.has(batch.batch) && !batch.aside) {
      this.taken.add(batch.batch);
      const revision = this.document.revision + 1;
      for (const change of batch.changes) {
        const path = key(pathOf(change));
        const [at, by] = this.stamps.get(path) ?? [0, ""];
        const theirs = valueAt(this.document.answers, pathOf(change)) ?? null;
        const gone = pathOf(change).length === 3 && theirs === null && !this.#row(change);
        const foreign = at > batch.base_revision && by !== batch.client;
        const differs =
          "value" in change && JSON.stringify(theirs) !== JSON.stringify(change.value);
        if (change.op === "set" && (gone || (foreign && differs))) {
          conflicts.push({ change, theirs: theirs as Value });
          continue;
        }
        this.document.answers = applyChange(this.document.answers, change);
        if (change.op === "status") this.document.status = change.value;
        this.stamps.set(path, [revision, batch.client]);
        this.document = { ...this.document, revision, updated_at: "2026-11-23T14:05:00Z" };
      }
    }
    const { revision } = this.document;
    const document = revision - 1 !== batch.base_revision || conflicts.length > 0;
    return {
      revision,
      saved_at: "2026-11-23T14:05:00Z",
      conflicts,
      ...(document ? { document: structuredClone(this.document) } : {}),
    };
  }

  #row(change: Change): boolean {
    return valueAt(this.document.answers, pathOf(change).slice(0, 2)) !== undefined;
  }

  /** Somebody else writes. */
  other(...changes: Change[]): void {
    this.#save({ batch: `other-${Math.random()}`, client: "other", base_revision: 99, changes });
    this.received.pop();
  }
}

let server: FakeServer;
let held: Set<string>;
const channels = new Set<FakeChannel>();

class FakeChannel {
  #listeners: ((event: { data: unknown }) => void)[] = [];
  constructor(readonly name: string) {
    channels.add(this);
  }
  addEventListener(_: string, listener: (event: { data: unknown }) => void) {
    this.#listeners.push(listener);
  }
  postMessage(data: unknown) {
    for (const other of channels) {
      if (other === this || other.name !== this.name) continue;
      for (const listener of other.#listeners) listener({ data: structuredClone(data) });
    }
  }
  close() {
    channels.delete(this);
  }
}

/** Web Locks, as far as the journal uses them. */
const locks = {
  request: (name: string, run: () => Promise<void>) => {
    held.add(name);
    return run().then(() => held.delete(name));
  },
  query: async () => ({ held: [...held].map((name) => ({ name })) }),
} as unknown as LockManager;

function open(
  more: Partial<StoreHost> = {},
  by?: string,
  where: { api: string; keeper?: string } = { api: "/api" },
): DocumentStore {
  const host: Partial<StoreHost> = {
    request: server.request,
    storage: localStorage,
    locks,
    channel: (name) => new FakeChannel(name) as unknown as BroadcastChannel,
    random: () => 0.5,
    ...more,
  };
  const document = structuredClone(server.document);
  return new DocumentStore({ ...where, document, lang: "en", by, host });
}

/** Let promises settle; timers are moved by hand. */
async function turn(): Promise<void> {
  for (let count = 0; count < 30; count += 1) await Promise.resolve();
}
async function after(milliseconds: number): Promise<void> {
  await turn();
  mock.timers.tick(milliseconds);
  await turn();
}
/** A page that vanishes without a word, as in a crash: its lock is let go, nothing is sent. */
function crash(store: DocumentStore): void {
  for (const name of [...held]) if (name.endsWith(store.client)) held.delete(name);
  channels.clear();
}

beforeEach(() => {
  dom();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_795_000_000_000 });
  server = new FakeServer();
  held = new Set();
  channels.clear();
});

test("typing is sent within two seconds of the last keystroke, as one batch", async () => {
  const store = open();
  for (const text of ["a", "ab", "abc"]) {
    store.edit(set(["title"], text));
    await after(200);
  }
  assert.equal(store.state, "saving");
  assert.equal(server.received.length, 0);
  await after(1000);
  assert.equal(store.state, "saved");
  assert.deepEqual(
    server.received.map((batch) => batch.changes),
    [[set(["title"], "abc")]],
  );
});

test("somebody who never pauses is saved every few seconds all the same", async () => {
  const store = open();
  for (let count = 0; count < 12; count += 1) {
    store.edit(set(["title"], `text ${count}`));
    await after(500);
  }
  assert.ok(server.received.length >= 1);
});

test("only an acknowledgement makes it saved", async () => {
  server.hold = true;
  const store = open();
  store.edit(set(["title"], "a"));
  await after(2000);
  assert.equal(store.state, "saving");
  server.release();
  await turn();
  assert.equal(store.state, "saved");
  assert.equal(store.savedAt, "2026-11-23T14:05:00Z");
  assert.equal(localStorage.length, 0);
});

test("what is typed while a batch is on its way goes in the next one", async () => {
  server.hold = true;
  const store = open();
  store.edit(set(["title"], "a"));
  await after(1000);
  store.edit(set(["title"], "ab"));
  server.release();
  await after(1000);
  assert.deepEqual(store.answers, { title: "ab" });
  assert.deepEqual(server.document.answers, { title: "ab" });
  assert.deepEqual(
    server.received.map((batch) => batch.base_revision),
    [0, 1],
  );
});

test("a failed save is tried again, later and later, with the same batch id", async () => {
  server.problem = { kind: "offline", status: 0 };
  const store = open();
  store.edit(set(["title"], "a"));
  await after(1000);
  assert.equal(store.state, "kept");
  assert.equal(store.problem?.kind, "offline");
  await after(1000);
  server.problem = null;
  await after(1900);
  assert.equal(store.state, "kept");
  await after(200);
  assert.equal(store.state, "saved");
});

test("the network coming back is not waited for", async () => {
  server.problem = { kind: "offline", status: 0 };
  const store = open();
  store.edit(set(["title"], "a"));
  await after(1000);
  server.problem = null;
  window.dispatchEvent(new Event("online"));
  await turn();
  assert.equal(store.state, "saved");
});

test("a lost answer does not write twice", async () => {
  const store = open();
  server.loseAnswer = true;
  store.edit({ op: "add_row", path: ["steps", "row001"], after: null, value: {} });
  await after(1000);
  assert.equal(store.state, "kept");
  await after(1000);
  assert.equal(store.state, "saved");
  assert.equal(server.received.length, 2);
  assert.equal(server.received[0]?.batch, server.received[1]?.batch);
  assert.equal(server.document.revision, 1);
});

test("a conflict whose answer was lost is found by comparing", async () => {
  const store = open();
  server.other(set(["title"], "theirs"));
  server.loseAnswer = true;
  store.edit(set(["title"], "mine"));
  await after(1000);
  await after(1000);
  assert.equal(store.state, "choose");
  assert.equal(store.answers.title, "mine");
  assert.equal(store.conflicts[0]?.theirs, "theirs");
});

test("after a reload what was not saved is there, and is sent with its old base", async () => {
  server.problem = { kind: "offline", status: 0 };
  const first = open();
  first.edit(set(["title"], "kept"));
  await after(1000);
  window.dispatchEvent(new Event("pagehide"));
  crash(first);
  server.problem = null;
  const second = open();
  assert.deepEqual(second.answers, { title: "kept" });
  assert.equal(second.state, "saving");
  await after(0);
  await turn();
  assert.equal(second.state, "saved");
  assert.deepEqual(server.document.answers, { title: "kept" });
  assert.equal(localStorage.length, 0);
});

test("what a page in JupyterLab could not save is taken over by the page of the service", async () => {
  const keeper = "/services/ustaz/trial/api/v1";
  server.problem = { kind: "stopped", status: 424 };
  const first = open({}, undefined, { api: "/user/aigul-s/ustaz/trial/api/v1", keeper });
  assert.equal(first.host, "/user/aigul-s/");
  first.edit(set(["title"], "kept"));
  await after(1000);
  assert.deepEqual([first.state, first.problem?.kind], ["kept", "stopped"]);
  crash(first);
  server.problem = null;
  const second = open({}, undefined, { api: keeper });
  await after(0);
  await turn();
  assert.deepEqual(server.document.answers, { title: "kept" });
  assert.equal(second.state, "saved");
});

test("after a crash, without a goodbye, the next page finds the text too", async () => {
  server.problem = { kind: "offline", status: 0 };
  const first = open();
  first.edit(set(["title"], "kept"));
  crash(first);
  server.problem = null;
  const second = open();
  await turn();
  assert.deepEqual(second.answers, { title: "kept" });
});

test("a page that is still open keeps its own changes", async () => {
  server.problem = { kind: "offline", status: 0 };
  const first = open();
  first.edit(set(["title"], "first"));
  const second = open();
  await turn();
  assert.deepEqual(second.answers, {});
  second.edit(set(["note"], "second"));
  assert.equal(localStorage.length, 2);
});

test("a newer document is never overwritten by what a browser kept", async () => {
  server.problem = { kind: "offline", status: 0 };
  const first = open();
  first.edit(set(["title"], "old"));
  window.dispatchEvent(new Event("pagehide"));
  crash(first);
  server.problem = null;
  server.other(set(["title"], "newer"));
  const second = open();
  await after(0);
  await turn();
  assert.equal(server.document.answers.title, "newer");
  assert.equal(second.state, "choose");
  assert.deepEqual(
    second.conflicts.map((one) => [one.change.op === "set" && one.change.value, one.theirs]),
    [["old", "newer"]],
  );
});

test("typing on in a field that waits for a choice changes mine and sends nothing", async () => {
  const store = open();
  server.other(set(["title"], "theirs"));
  store.edit(set(["title"], "mine"));
  await after(1000);
  assert.equal(store.state, "choose");
  store.edit(set(["title"], "mine and more"));
  await after(2000);
  assert.equal(server.document.answers.title, "theirs");
  store.keepMine(store.conflicts[0]?.id ?? "");
  await after(1000);
  assert.equal(server.document.answers.title, "mine and more");
  assert.equal(store.state, "saved");
});

test("theirs is taken by choosing it", async () => {
  const store = open();
  server.other(set(["title"], "theirs"));
  store.edit(set(["title"], "mine"));
  await after(1000);
  store.takeTheirs(store.conflicts[0]?.id ?? "");
  assert.equal(store.answers.title, "theirs");
  await after(0);
  assert.equal(store.state, "saved");
  assert.equal(server.document.answers.title, "theirs");
});

test("other fields of the same batch are saved although one waits for a choice", async () => {
  const store = open();
  server.other(set(["title"], "theirs"));
  store.edit([set(["title"], "mine"), set(["note"], "n")]);
  await after(1000);
  assert.deepEqual(server.document.answers, { title: "theirs", note: "n" });
});

test("the same value written twice is no question", async () => {
  const store = open();
  server.other(set(["title"], "same"));
  store.edit(set(["title"], "same"));
  await after(1000);
  assert.equal(store.state, "saved");
});

test("a row removed elsewhere can be brought back with all that was written in it", async () => {
  const store = open();
  store.edit({ op: "add_row", path: ["steps", "row001"], after: null, value: { who: "x" } });
  await after(1000);
  server.other({ op: "remove_row", path: ["steps", "row001"] });
  store.edit(set(["steps", "row001", "action"], "mine"));
  store.edit(set(["steps", "row001", "place"], "here"));
  await after(1000);
  assert.equal(store.conflicts.length, 2);
  store.keepMine(store.conflicts[0]?.id ?? "");
  await after(1000);
  assert.deepEqual(server.document.answers.steps, [
    { id: "row001", who: "x", action: "mine", place: "here" },
  ]);
  assert.equal(store.conflicts.length, 0);
});

test("another tab sees what was saved here", async () => {
  const [one, two] = [open(), open()];
  one.edit(set(["title"], "a"));
  await after(1000);
  assert.equal(two.answers.title, "a");
  assert.equal(two.revision, 1);
});

test("a tab that was told of a change still asks about the field it was typing in", async () => {
  const [one, two] = [open(), open()];
  two.edit(set(["title"], "two"));
  one.edit(set(["title"], "one"));
  one.flush();
  await turn();
  assert.equal(two.revision, 1);
  two.flush();
  await turn();
  assert.equal(two.state, "choose");
  assert.equal(server.document.answers.title, "one");
});

test("one change that the server refuses does not hold up the others", async () => {
  const store = open();
  const refusing = server.request;
  const host: Request = (method, url, options) => {
    const changes = (options?.body as Batch | undefined)?.changes ?? [];
    if (changes.some((change) => pathOf(change)[0] === "unknown")) {
      throw new RequestFailed({ kind: "refused", status: 400, hint: "Not a field." });
    }
    return refusing(method, url, options);
  };
  store.destroy();
  const picky = open({ request: async (...args) => host(...args) });
  picky.edit([set(["title"], "a"), set(["unknown"], "x"), set(["note"], "b")]);
  await after(1000);
  for (let count = 0; count < 4; count += 1) await after(0);
  assert.deepEqual(server.document.answers, { title: "a", note: "b" });
  assert.deepEqual(
    picky.refused.map((one) => [key(pathOf(one.change)), one.message]),
    [["unknown", "Not a field."]],
  );
  picky.forget(picky.refused[0]?.id ?? "");
  assert.equal(picky.refused.length, 0);
});

test("a text too large waits for being shortened, and holds nothing up", async () => {
  const request: Request = async (method, url, options) => {
    if (JSON.stringify(options?.body ?? "").length > 2000) {
      throw new RequestFailed({ kind: "too_large", status: 413 });
    }
    return server.request(method, url, options);
  };
  const store = open({ request });
  store.edit(set(["title"], "x".repeat(3000)));
  store.edit(set(["note"], "small"));
  await after(1000);
  for (let count = 0; count < 4; count += 1) await after(0);
  assert.deepEqual(server.document.answers, { note: "small" });
  assert.equal((store.answers.title as string).length, 3000);
  await after(0);
  assert.equal(store.state, "kept");
  store.edit(set(["title"], "short"));
  await after(1000);
  await after(0);
  assert.deepEqual(server.document.answers, { note: "small", title: "short" });
  assert.equal(store.state, "saved");
});

test("when the browser keeps nothing, leaving is guarded", async () => {
  const full = {
    length: 0,
    key: () => null,
    getItem: () => null,
    removeItem: () => undefined,
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
  } as unknown as Storage;
  const store = open({ storage: full });
  assert.equal(store.fragile, false);
  store.edit(set(["title"], "a"));
  assert.equal(store.fragile, true);
  await after(1000);
  assert.equal(store.fragile, false);
});

test("leaving sends at once what may go, and keeps the rest in the browser", async () => {
  server.hold = true;
  const store = open();
  store.edit(set(["title"], "a"));
  await after(1000);
  store.edit(set(["note"], "b"));
  window.dispatchEvent(new Event("pagehide"));
  server.release();
  await turn();
  assert.deepEqual(server.document.answers, { title: "a", note: "b" });
});

test("nothing overtakes a change of the same place while leaving", async () => {
  server.hold = true;
  const store = open();
  store.edit(set(["title"], "a"));
  await after(1000);
  store.edit(set(["title"], "ab"));
  window.dispatchEvent(new Event("pagehide"));
  crash(store);
  server.release();
  await turn();
  assert.equal(server.document.answers.title, "a");
  assert.equal(open().answers.title, "ab");
});

test("undo and redo are changes like others", async () => {
  const store = open();
  store.edit({ op: "add_row", path: ["steps", "row001"], after: null, value: {} }, "Step");
  store.edit({ op: "remove_row", path: ["steps", "row001"] }, "Step 1");
  assert.equal(store.undo(), "Step 1");
  assert.deepEqual(store.answers.steps, [{ id: "row001" }]);
  assert.equal(store.redo(), "Step 1");
  assert.deepEqual(store.answers.steps, []);
  await after(1000);
  assert.deepEqual(server.document.answers.steps, []);
});

test("what a browser keeps for one person is neither shown nor sent for another", async () => {
  server.problem = { kind: "offline", status: 0 };
  const first = open();
  first.edit(set(["title"], "private"));
  window.dispatchEvent(new Event("pagehide"));
  crash(first);
  server.problem = null;
  server.document.subject = { kind: "person", id: "marat-t" };
  const second = open();
  await turn();
  await second.whenSettled();
  assert.deepEqual(second.answers, {});
  assert.deepEqual(server.received, []);
  assert.match(localStorage.key(0) ?? "", /aigul-s/);
});

test("a row removed here while it was changed elsewhere is a question too", async () => {
  const store = open({
    request: async (method, url, options) => {
      const change = (options?.body as Batch | undefined)?.changes[0];
      if (change?.op !== "remove_row" || store.conflicts.length > 0 || asked) {
        return server.request(method, url, options);
      }
      asked = true;
      server.other(set(["steps", "row001", "action"], "theirs"));
      const document = structuredClone(server.document);
      const theirs = { id: "row001", action: "theirs" };
      return { revision: 2, saved_at: "", conflicts: [{ change, theirs }], document };
    },
  });
  let asked = false;
  store.edit({ op: "add_row", path: ["steps", "row001"], after: null, value: {} });
  await after(1000);
  store.edit({ op: "remove_row", path: ["steps", "row001"] });
  await after(1000);
  assert.equal(store.state, "choose");
  assert.deepEqual(store.answers.steps, [{ id: "row001", action: "theirs" }]);
  store.keepMine(store.conflicts[0]?.id ?? "");
  await after(1000);
  assert.deepEqual(server.document.answers.steps, []);
});

test("a page that only reads writes nothing and adopts nothing", async () => {
  server.problem = { kind: "offline", status: 0 };
  const writer = open();
  writer.edit(set(["title"], "a"));
  window.dispatchEvent(new Event("pagehide"));
  crash(writer);
  const reader = new DocumentStore({
    api: "/api",
    document: structuredClone(server.document),
    lang: "en",
    readonly: true,
    host: { request: server.request, storage: localStorage, locks, channel: () => null },
  });
  reader.edit(set(["title"], "b"));
  assert.deepEqual(reader.answers, {});
  assert.equal(localStorage.length, 1);
});

test("marking as ready is saved like an answer", async () => {
  const store = open();
  store.edit({ op: "status", value: "ready" });
  assert.equal(store.document.status, "ready");
  store.flush();
  assert.equal(await store.whenSettled(), true);
  assert.equal(server.document.status, "ready");
});

const typedIn = (place: string, revision = 1) => ({
  place,
  by: "dina-f",
  by_name: "Dina F.",
  revision,
  at: "2026-11-12T10:00:00+05:00",
  confirmed_at: null,
});

test("what its owner changes is not marked as typed in any more, before and after it is saved", async () => {
  server.document.answers = { title: "a", aim: "b" };
  server.document.entered = [typedIn("title"), typedIn("aim")];
  server.document.revision = 1;
  const store = open();
  store.edit(set(["title"], "mine"));
  const places = () => store.document.entered?.map((mark) => mark.place);
  assert.deepEqual(places(), ["aim"]);
  assert.equal(store.markOf(["title"])?.by_name, "Dina F.", "the server still says so");
  server.document.entered = undefined as never;
  await after(1000);
  assert.equal(store.state, "saved");
  assert.deepEqual(places(), ["aim"]);
  assert.equal(store.markOf(["title"]), undefined);
});

test("whoever types in says so in the address, and keeps the marks", async () => {
  const urls: string[] = [];
  server.document.answers = { title: "a" };
  server.document.entered = [typedIn("title")];
  server.document.revision = 1;
  const store = open(
    {
      request: (method, url, options) => {
        urls.push(url);
        return server.request(method, url, options);
      },
    },
    "dina-f",
  );
  store.edit(set(["title"], "b"));
  assert.equal(store.document.entered?.length, 1);
  await after(1000);
  assert.deepEqual(urls, [
    `/api/workbooks/${server.document.workbook}/answers?person=${server.document.subject.id}&by=dina-f`,
  ]);
});

test("words that one person left in a browser are never sent by another", async () => {
  server.problem = { kind: "offline", status: 0 };
  const people = ["dina-f", "marat-f", undefined] as const;
  for (const [at, by] of people.entries()) {
    const writer = open({}, by);
    writer.edit(set(["title"], `words ${at}`));
    window.dispatchEvent(new Event("pagehide"));
    crash(writer);
  }
  for (const [at, by] of people.entries()) {
    const next = open({}, by);
    await turn();
    assert.deepEqual(next.answers, { title: `words ${at}` });
    crash(next);
  }
});

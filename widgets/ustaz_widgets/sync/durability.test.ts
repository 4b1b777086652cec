/** No word is lost and none holds up the others: what fails, what is given up, what is taken back. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { MergingServer } from "../dev/merging-server";
import { dom } from "../dev/testing";
import { key, pathOf } from "../model/changes";
import { difference } from "../model/difference";
import type { Batch, Change, Row, Value } from "../model/types";
import { DocumentStore } from "./store";

const set = (path: string[], value: Value): Change => ({ op: "set", path, value });
const add = (row: string, value: Record<string, string> = {}): Change => ({
  op: "add_row",
  path: ["steps", row],
  after: null,
  value,
});
const remove = (row: string): Change => ({ op: "remove_row", path: ["steps", row] });

let server: MergingServer;
let held: Set<string>;
const locks = {
  request: (name: string, run: () => Promise<void>) => {
    held.add(name);
    return run().then(() => held.delete(name));
  },
  query: async () => ({ held: [...held].map((name) => ({ name })) }),
} as unknown as LockManager;

function open(storage: Storage = localStorage): DocumentStore {
  const document = structuredClone(server.document);
  const { request } = server;
  const host = { request, storage, locks, channel: () => null, random: () => 0.5 };
  return new DocumentStore({ api: "/api", document, lang: "en", host });
}

async function turn(): Promise<void> {
  for (let count = 0; count < 40; count += 1) await Promise.resolve();
}
async function after(milliseconds: number): Promise<void> {
  await turn();
  mock.timers.tick(milliseconds);
  await turn();
}
/** Time enough for anything that is going to be sent. */
async function long(times = 40): Promise<void> {
  for (let count = 0; count < times; count += 1) await after(5000);
}
function gone(store: DocumentStore): void {
  store.destroy();
  for (const name of [...held]) if (name.endsWith(store.client)) held.delete(name);
}

beforeEach(() => {
  dom();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_795_000_000_000 });
  server = new MergingServer();
  held = new Set();
});

const carries = (batch: Batch, text: string) => JSON.stringify(batch.changes).includes(text);

/** Ways in which a server does not answer one save. */
const WAYS: Record<string, unknown> = {
  "400": { kind: "refused", status: 400 },
  "401": { kind: "signed_out", status: 401 },
  "403 from something in between": { kind: "signed_out", status: 403 },
  "404": { kind: "missing", status: 404 },
  "409": { kind: "refused", status: 409 },
  "422": { kind: "refused", status: 422, error: "bad_change", message: "It does not fit." },
  "423": { kind: "server", status: 423 },
  "429": { kind: "server", status: 429 },
  "500": { kind: "server", status: 500, error: "internal" },
  "502": { kind: "server", status: 502 },
  "503": { kind: "server", status: 503, error: "io" },
  "507": { kind: "full", status: 507, error: "full" },
  "no answer": { kind: "offline", status: 0 },
  "an answer that is no acknowledgement": { ok: true },
  "an answer without a revision": { conflicts: [], saved_at: "" },
  "a list": [],
  "a text": "saved",
};

for (const [way, answer] of Object.entries(WAYS)) {
  test(`one save that is answered by ${way} does not hold up the others`, async () => {
    server.fails = (batch) => (carries(batch, "poison") ? answer : undefined);
    const store = open();
    store.edit([set(["title"], "before"), set(["note"], "poison"), add("row001", { who: "x" })]);
    await long();
    store.edit(set(["aim"], "after"));
    await long();
    assert.deepEqual(server.document.answers, {
      title: "before",
      steps: [{ id: "row001", who: "x" }],
      aim: "after",
    });
    assert.deepEqual(
      store.refused.map((one) => one.change),
      [set(["note"], "poison")],
    );
    assert.equal(store.state, "unsent");
    assert.equal(await store.whenSettled(), true, "the rest can be submitted");
    assert.deepEqual(store.unsent, [set(["note"], "poison")]);
    // It survives a reload, and is taken when the server can.
    gone(store);
    server.fails = () => undefined;
    const next = open();
    await turn();
    assert.equal(next.refused.length, 1);
    next.sendAgain(next.refused[0]?.id ?? "");
    await long();
    assert.equal((server.document.answers as { note?: string }).note, "poison");
    assert.equal(next.state, "saved");
    assert.equal(localStorage.length, 0);
  });
}

test("a save that is never answered lets the others go after a while", async () => {
  server.fails = (batch) =>
    carries(batch, "poison")
      ? new Promise((_, fail) => setTimeout(() => fail(new Error("time is up")), 20_000))
      : undefined;
  const store = open();
  store.edit(set(["note"], "poison"));
  await after(1000);
  store.edit(set(["title"], "kept"));
  await long();
  await long();
  assert.deepEqual(server.document.answers, { title: "kept" });
  assert.equal(store.refused.length, 1);
});

test("a single save that fails alone is set apart when the server takes others", async () => {
  server.fails = (batch) =>
    carries(batch, "poison") ? { kind: "server", status: 500, error: "internal" } : undefined;
  const store = open();
  store.edit(set(["note"], "poison"));
  await long();
  assert.equal(store.refused.length, 1);
  assert.equal(store.answers.note, "poison", "the words stay in their place");
  assert.equal(server.document.revision, 0, "asking changed nothing");
});

test("a server that takes nothing sets nothing apart, and everything comes when it is back", async () => {
  for (const problem of [
    { kind: "server", status: 500 },
    { kind: "full", status: 507, error: "full" },
    { kind: "offline", status: 0 },
    { kind: "signed_out", status: 403 },
  ]) {
    server.fails = () => problem;
    const store = open();
    store.edit([set(["title"], problem.kind), set(["note"], "b"), add("row001")]);
    await long();
    store.edit(set(["aim"], "c"));
    await long();
    assert.deepEqual(store.refused, []);
    assert.equal(store.state, "kept");
    assert.equal(await store.whenSettled(), false);
    server.fails = () => undefined;
    await long();
    assert.equal(store.state, "saved", problem.kind);
    assert.equal(server.document.answers.title, problem.kind);
    gone(store);
  }
});

test("typing on where a save failed is sent, with what the server may take", async () => {
  server.fails = (batch) =>
    carries(batch, "poison") ? { kind: "server", status: 500 } : undefined;
  const store = open();
  store.edit([add("row001", { action: "poison", who: "x" }), set(["title"], "t")]);
  await long();
  assert.equal(store.refused.length, 1);
  store.edit(set(["steps", "row001", "place"], "here"));
  await long();
  assert.equal(store.refused.length, 1, "still the same row");
  store.edit(set(["steps", "row001", "action"], "mended"));
  await long();
  assert.deepEqual(server.document.answers.steps, [
    { id: "row001", action: "mended", who: "x", place: "here" },
  ]);
  assert.deepEqual([store.refused, store.state], [[], "saved"]);
});

test("two texts that are too large are not sent without a pause", async () => {
  server.fails = (batch) =>
    batch.changes.some((one) => "value" in one && String(one.value).length > 100)
      ? { kind: "too_large", status: 413 }
      : undefined;
  let calls = 0;
  const { request } = server;
  server.request = (...args) => {
    calls += 1;
    return request(...args);
  };
  const store = open();
  store.edit([set(["title"], "x".repeat(200)), set(["note"], "y".repeat(200)), set(["aim"], "z")]);
  for (let count = 0; count < 50; count += 1) await after(100);
  assert.deepEqual(server.document.answers, { aim: "z" });
  assert.ok(calls < 10, `${calls} calls in five seconds`);
});

test("what is dropped from the list is gone, and nothing else is", async () => {
  server.fails = (batch) =>
    carries(batch, "poison") ? { kind: "refused", status: 422 } : undefined;
  const store = open();
  store.edit([set(["title"], "poison"), set(["note"], "poison too")]);
  await long();
  assert.equal(store.refused.length, 2);
  store.forget(store.refused[0]?.id ?? "");
  assert.deepEqual(
    store.refused.map((one) => key(pathOf(one.change))),
    ["note"],
  );
});

test("since when something is kept is written down, also over a reload", async () => {
  server.fails = () => ({ kind: "offline", status: 0 });
  const began = Date.now();
  const store = open();
  store.edit(set(["title"], "a"));
  await long();
  gone(store);
  open().edit(set(["note"], "b"));
  await after(10);
  const entries = Object.values(localStorage).map((text) => JSON.parse(String(text)));
  assert.deepEqual(
    entries.map((one) => one.since),
    [began],
  );
});

for (const kept of [true, false]) {
  test(`a page that wakes up ${kept ? "leaves to another what that one took over" : "without storage has its words still"}`, async () => {
    server.fails = () => ({ kind: "offline", status: 0 });
    const document = structuredClone(server.document);
    const storage = kept ? localStorage : null;
    const host = { request: server.request, storage, locks, channel: () => null };
    const store = new DocumentStore({ api: "/api", document, lang: "en", host });
    store.edit(set(["title"], "a"));
    await after(1000);
    window.dispatchEvent(new Event("pagehide"));
    const next = kept ? open() : null;
    await after(10);
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await after(10);
    assert.equal(store.answers.title, kept ? undefined : "a");
    if (next) assert.equal(next.answers.title, "a");
  });
}

// ---------------------------------------------------------------- words that are given up
test("the words that give way to others go into the history, and stay there once", async () => {
  const store = open();
  server.other(set(["title"], "theirs"));
  store.edit(set(["title"], "mine, never sent"));
  await after(1000);
  assert.equal(server.holds("mine, never sent"), false);
  store.takeTheirs(store.conflicts[0]?.id ?? "");
  await long();
  assert.equal(server.document.answers.title, "theirs");
  assert.equal(store.answers.title, "theirs");
  assert.ok(server.holds("mine, never sent"));
  assert.equal(store.state, "saved");
});

test("the words of a row that is gone go into the history as a row", async () => {
  const store = open();
  store.edit(add("row001", { who: "x" }));
  await after(1000);
  server.other(remove("row001"));
  store.edit([set(["steps", "row001", "action"], "mine"), set(["steps", "row001", "p"], "more")]);
  await after(1000);
  store.takeTheirs(store.conflicts[0]?.id ?? "");
  await long();
  assert.deepEqual(server.document.answers.steps, []);
  assert.deepEqual(server.history.at(-1)?.steps, [
    { id: "row001", who: "x", action: "mine", p: "more" },
  ]);
});

test("given up while there is no network, the words go into the history later", async () => {
  const store = open();
  server.other(set(["title"], "theirs"));
  store.edit(set(["title"], "mine"));
  await after(1000);
  server.fails = () => ({ kind: "offline", status: 0 });
  store.takeTheirs(store.conflicts[0]?.id ?? "");
  await long();
  assert.equal(store.answers.title, "theirs");
  gone(store);
  server.fails = () => undefined;
  const next = open();
  await long();
  assert.ok(server.holds("mine"));
  assert.equal(next.state, "saved");
});

test("a row that nobody here has seen comes back with the words written for it", async () => {
  server.fails = () => ({ kind: "offline", status: 0 });
  server.document.answers = { steps: [{ id: "row001" }] };
  const first = open();
  first.edit(set(["steps", "row001", "action"], "mine"));
  gone(first);
  server.fails = () => undefined;
  server.other(remove("row001"));
  const store = open();
  await long();
  assert.equal(store.state, "choose");
  store.keepMine(store.conflicts[0]?.id ?? "");
  await long();
  assert.deepEqual(server.document.answers.steps, [{ id: "row001", action: "mine" }]);
  assert.equal(store.state, "saved");
});

test("a row that came back meanwhile keeps what was written in it elsewhere", async () => {
  const store = open();
  store.edit(add("row001", { who: "x" }));
  await after(1000);
  server.other(remove("row001"));
  store.edit(set(["steps", "row001", "action"], "mine"));
  await after(1000);
  server.other(add("row001", { who: "their new words" }));
  await store.refresh();
  store.keepMine(store.conflicts[0]?.id ?? "");
  await long();
  assert.deepEqual(server.document.answers.steps, [
    { id: "row001", who: "their new words", action: "mine" },
  ]);
});

test("an open question is about what stands now", async () => {
  const store = open();
  server.other(set(["title"], "theirs"));
  store.edit(set(["title"], "mine"));
  await after(1000);
  server.other(set(["title"], "theirs, longer"));
  await store.refresh();
  assert.equal(store.conflicts[0]?.theirs, "theirs, longer");
  server.other(set(["title"], "mine"));
  await store.refresh();
  assert.deepEqual(store.conflicts, [], "both have come to the same");
});

// ---------------------------------------------------------------- undo
test("undo takes back one's own change and leaves what another device wrote since", async () => {
  const store = open();
  store.edit(set(["title"], "first"), "Title");
  await after(5000);
  store.edit(set(["title"], "second"), "Title");
  await after(5000);
  server.other(set(["title"], "theirs"));
  await store.refresh();
  assert.equal(store.undo(), null);
  assert.equal(store.answers.title, "theirs");
});

test("undo of a row that another device wrote into leaves the row", async () => {
  const store = open();
  store.edit(add("row001"), "Step");
  await after(1000);
  server.other(set(["steps", "row001", "action"], "theirs"));
  await store.refresh();
  assert.equal(store.undo(), null);
  assert.deepEqual(store.answers.steps, [{ id: "row001", action: "theirs" }]);
});

test("undo takes back what is still one's own in a step of several", async () => {
  const store = open();
  store.edit([set(["title"], "mine"), set(["note"], "mine too")], "Both");
  await after(1000);
  server.other(set(["title"], "theirs"));
  await store.refresh();
  assert.equal(store.undo(), "Both");
  await long();
  assert.deepEqual(server.document.answers, { title: "theirs" });
  assert.equal(store.redo(), "Both");
  await long();
  assert.deepEqual(server.document.answers, { title: "theirs", note: "mine too" });
});

test("undo after the other text was taken does not bring the answer before both", async () => {
  const store = open();
  store.edit(set(["title"], "old"), "Title");
  await after(5000);
  server.other(set(["title"], "theirs"));
  store.edit(set(["title"], "mine"), "Title");
  await after(1000);
  store.takeTheirs(store.conflicts[0]?.id ?? "");
  await long();
  store.undo();
  await long();
  assert.equal(server.document.answers.title, "theirs");
});

// ---------------------------------------------------------------- where two texts differ
test("the words that differ are marked, and both texts stay whole", () => {
  const [mine, theirs] = difference("Pupils talk in pairs.", "Pupils talk aloud, in pairs!");
  assert.deepEqual(
    mine.filter((piece) => piece.only).map((piece) => piece.text),
    ["."],
  );
  assert.deepEqual(
    theirs.filter((piece) => piece.only).map((piece) => piece.text),
    ["aloud, ", "!"],
  );
});

test("any two texts come back whole, and what is not marked is the same in both", () => {
  const random = numbers(7);
  const words = ["бала", "мұғалім", "ұ", " ", "\n", "!", "🙂", "e\u0301", "a"];
  for (let count = 0; count < 300; count += 1) {
    const text = () =>
      Array.from({ length: random(14) }, () => words[random(words.length)]).join("");
    const [one, other] = [text(), text()];
    const [a, b] = difference(one, other);
    assert.equal(a.map((piece) => piece.text).join(""), one);
    assert.equal(b.map((piece) => piece.text).join(""), other);
    const strip = (all: typeof a) =>
      all
        .filter((piece) => !piece.only)
        .map((piece) => piece.text)
        .join("");
    // A space between two marked words is marked with them, in one text or in both.
    assert.equal(strip(a).replace(/\s/g, ""), strip(b).replace(/\s/g, ""));
    if (one === other) assert.ok(a.every((piece) => !piece.only));
  }
});

test("two very long texts are compared in a moment", () => {
  const [a, b] = difference("one ".repeat(20_000), "two ".repeat(20_000));
  assert.ok(a.length < 3 && b.length < 3);
});

// ---------------------------------------------------------------- two devices against a model
/** Numbers below n that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

class Storages {
  #items = new Map<string, string>();
  get length() {
    return this.#items.size;
  }
  key = (at: number) => [...this.#items.keys()][at] ?? null;
  getItem = (name: string) => this.#items.get(name) ?? null;
  setItem = (name: string, value: string) => void this.#items.set(name, value);
  removeItem = (name: string) => void this.#items.delete(name);
  clear = () => this.#items.clear();
}

const FIELDS = ["title", "note"];
const ROWS = ["row001", "row002", "row003"];
const COLUMNS = ["action", "who"];

async function twoDevices(seed: number): Promise<void> {
  const random = numbers(seed);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  server = new MergingServer();
  let count = 0;
  /** The last words of each device at each place, unless it wrote over them or removed their row. */
  const typed = [new Map<string, string>(), new Map<string, string>()];
  const storages = [new Storages(), new Storages()] as unknown as Storage[];
  const devices = storages.map((storage) => open(storage));
  const poison = new Set<string>();
  server.fails = (batch) => {
    if (random(12) === 0) return { kind: "offline", status: 0 };
    if (random(20) === 0) return { kind: "server", status: 500, error: "internal" };
    return [...poison].some((text) => carries(batch, text))
      ? { kind: "server", status: 500, error: "internal" }
      : undefined;
  };
  server.loses = () => random(10) === 0;
  const write = (at: number, change: Change) => {
    const words = typed[at] as Map<string, string>;
    const path = key(pathOf(change));
    if (change.op === "set") words.set(path, String(change.value));
    if (change.op === "add_row") {
      for (const [column, text] of Object.entries(change.value)) {
        words.set(`${path}/${column}`, String(text));
      }
    }
    if (change.op === "remove_row") {
      for (const place of [...words.keys()]) {
        if (place.startsWith(`${path}/`)) words.delete(place);
      }
    }
    devices[at]?.edit(change);
  };
  /** Somebody who keeps a removal gives up what they wrote in the row, as by removing it. */
  const keep = (at: number, id: string) => {
    const device = devices[at] as DocumentStore;
    const change = device.conflicts.find((one) => one.id === id)?.change;
    device.keepMine(id);
    if (change?.op !== "remove_row") return;
    const words = typed[at] as Map<string, string>;
    for (const place of [...words.keys()]) {
      if (place.startsWith(`${key(change.path)}/`)) words.delete(place);
    }
  };
  const word = () => {
    count += 1;
    return `words ${seed}-${count}.`;
  };
  for (let step = 0; step < 40; step += 1) {
    const at = random(2);
    const device = devices[at] as DocumentStore;
    const here = (Array.isArray(device.answers.steps) ? device.answers.steps : []).map((row) =>
      typeof row === "string" ? row : (row as Row).id,
    );
    const row = pick(ROWS);
    const what = random(12);
    if (what < 3) write(at, set([pick(FIELDS)], word()));
    else if (what < 6 && here.includes(row)) {
      write(at, set(["steps", row, pick(COLUMNS)], word()));
    } else if (what < 8 && !here.includes(row)) write(at, add(row, { action: word() }));
    else if (what === 8 && here.includes(row)) write(at, remove(row));
    else if (what === 9 && here.includes(row)) {
      write(at, { op: "move_row", path: ["steps", row], after: null });
    } else if (what === 10) {
      const text = word();
      if (random(3) === 0) poison.add(text);
      write(at, set([pick(FIELDS)], text));
    } else if (device.conflicts.length > 0 && random(2) === 0) {
      const { id } = pick(device.conflicts);
      if (random(2) === 0) keep(at, id);
      else device.takeTheirs(id);
    } else if (random(4) === 0) {
      gone(device);
      devices[at] = open(storages[at]);
    } else await device.refresh();
    await after(pick([0, 100, 2000, 8000]));
  }
  // The network is there, the server answers, and the people decide.
  server.fails = () => undefined;
  server.loses = () => false;
  for (let round = 0; round < 30; round += 1) {
    const { revision } = server.document;
    const open_ = devices.flatMap((device) => [...device.conflicts, ...device.refused]);
    if (
      round > 0 &&
      open_.length === 0 &&
      devices.every((one) => one.state !== "kept" && one.revision === revision)
    )
      break;
    for (const device of devices) {
      for (const { id } of [...device.refused]) device.sendAgain(id);
      device.retry();
      await long(6);
      const [question] = device.conflicts;
      if (question && random(2) === 0) keep(devices.indexOf(device), question.id);
      else if (question) device.takeTheirs(question.id);
      await long(6);
      await device.refresh();
    }
  }
  for (const [at, device] of devices.entries()) {
    assert.deepEqual(device.answers, server.document.answers, `seed ${seed}: device ${at}`);
    assert.ok(device.settled && device.refused.length === 0, `seed ${seed}: ${device.state}`);
    for (const [place, text] of typed[at] as Map<string, string>) {
      assert.ok(server.holds(text), `seed ${seed}: ${place} of device ${at}: ${text}`);
    }
    gone(device);
  }
}

test("two devices that write, remove, fail and are loaded again lose no words and agree", async () => {
  const seeds = Number(process.env.USTAZ_SEEDS ?? 25);
  for (let seed = 1; seed <= seeds; seed += 1) await twoDevices(seed);
});

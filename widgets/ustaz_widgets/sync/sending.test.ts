/** Files on their way: pieces, breaks, a page that was closed, and what trying again does not help. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Sender, type Sending, type Sent, type Shelf, type Waiting } from "./sending";
import { plainSha256, sha256 } from "./sha256";
import { type Problem, RequestFailed, type RequestOptions } from "./transport";

/** A server that keeps what it acknowledged, and breaks off where it is told to. */
class Server {
  held = 0;
  kept = new Uint8Array(0);
  asked: string[] = [];
  /** Failures by the number of the request. */
  breaks = new Map<number, Problem>();
  /** Requests wait for it. */
  open: Promise<unknown> = Promise.resolve();

  request = async (method: string, url: string, options: RequestOptions = {}): Promise<unknown> => {
    this.asked.push(`${method} ${url}`);
    await this.open;
    const problem = this.breaks.get(this.asked.length);
    if (problem) throw new RequestFailed(problem);
    if (url.includes("/finish")) return { file: { hash: "h", name: "a", size: 1, type: "t" } };
    if (method === "PUT") {
      const offset = Number(new URLSearchParams(url.split("?")[1]).get("offset"));
      const bytes = new Uint8Array(await (options.bytes as Blob).arrayBuffer());
      assert.equal(offset, this.held);
      const whole = new Uint8Array(this.held + bytes.length);
      whole.set(this.kept);
      whole.set(bytes, this.held);
      this.kept = whole;
      this.held = whole.length;
    }
    return { offset: this.held };
  };
}

class Memory implements Shelf {
  files: Waiting[] = [];
  put = async (file: Waiting) => void this.files.push(file);
  remove = async ({ hash }: Waiting) => {
    this.files = this.files.filter((file) => file.hash !== hash);
  };
  all = async () => this.files;
}

const DATA = new Uint8Array(200_000).map((_, at) => (at * 7) % 251);

function sending(server: Server, shelf: Shelf = new Memory()) {
  const states: string[] = [];
  let stop: () => void = () => undefined;
  let done: (files: Sent[]) => void = () => undefined;
  const arrived = new Promise<Sent[]>((resolve) => {
    done = resolve;
  });
  const sender: Sender = new Sender({
    api: "/api",
    request: server.request,
    by: "aigul-s",
    place: "here",
    shelf: Promise.resolve(shelf),
    pause: async () => undefined,
    changed: () => {
      const file = sender?.files[0] as Sending | undefined;
      if (file) states.push(`${file.state} ${file.held}`);
      if (file?.state === "failed") done([]);
    },
    arrived: (file) => done([file]),
  });
  stop = () => sender.stop();
  return { sender, states, arrived, stop };
}

test("a file goes in pieces, and goes on where the server says after a connection that broke", async () => {
  const server = new Server();
  server.breaks.set(3, { kind: "offline", status: 0 });
  server.breaks.set(6, { kind: "server", status: 503 });
  const shelf = new Memory();
  const { sender, states, arrived } = sending(server, shelf);
  await sender.add(new Blob([DATA]), "a.jpg", "none");
  assert.equal((await arrived).length, 1);
  assert.deepEqual(server.kept, DATA);
  assert.equal(states.filter((state) => state.startsWith("away")).length, 2);
  assert.deepEqual(shelf.files, []);
  assert.ok(server.asked.every((line) => line.includes("by=aigul-s")));
});

test("what a page left behind is sent by the next one", async () => {
  const server = new Server();
  const shelf = new Memory();
  shelf.files = [
    { place: "here", hash: "b".repeat(64), name: "b.pdf", visible: "none", data: new Blob([DATA]) },
  ];
  server.held = 0;
  const { sender, arrived } = sending(server, shelf);
  await sender.resume();
  assert.equal((await arrived).length, 1);
  assert.deepEqual(server.kept, DATA);
});

test("what the server refuses is said and not tried again until somebody asks", async () => {
  const server = new Server();
  server.breaks.set(1, { kind: "refused", status: 422, message: "Not taken." });
  const { sender, arrived } = sending(server);
  await sender.add(new Blob([DATA]), "a.svg", "none");
  assert.deepEqual(await arrived, []);
  assert.equal(server.asked.length, 1);
  const [file] = sender.files;
  assert.equal(file?.problem?.message, "Not taken.");
  await sender.remove(file as Sending);
  assert.deepEqual(sender.files, []);
});

test("the same file is not sent twice at once", async () => {
  const server = new Server();
  const { sender, arrived } = sending(server);
  let go: (value?: unknown) => void = () => undefined;
  server.open = new Promise((resolve) => {
    go = resolve;
  });
  await sender.add(new Blob([DATA]), "a.jpg", "none");
  await sender.add(new Blob([DATA]), "b.jpg", "none");
  assert.equal(sender.files.length, 1);
  go();
  await arrived;
  assert.equal(server.asked.filter((line) => line.includes("/finish")).length, 1);
});

test("without the browser's help the same hash comes out", async () => {
  const sizes = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 200_000];
  for (const size of sizes) {
    const bytes = DATA.slice(0, size);
    assert.equal(plainSha256(bytes), await sha256(bytes));
  }
});

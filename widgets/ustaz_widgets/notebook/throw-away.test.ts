import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch } from "../model/types";
import type { RequestFailed } from "../sync/transport";
import { ThrowAway } from "./throw-away";

const wording = () => ({
  definition: { id: "survey", title: "Survey" } as never,
  linked: { "people-map": { id: "people-map", title: "People" } as never },
  messages: {},
});
const chosen: string[] = [];
const server = () =>
  new ThrowAway(wording, "kk", "nothing leaves", (lang) => void chosen.push(lang));
const batch = (value: string, more: Partial<Batch> = {}) => ({
  batch: value,
  client: "c",
  base_revision: 0,
  changes: [{ op: "set", path: ["why"], value }],
  ...more,
});
const api = "preview:api/workbooks/survey";

test("what is saved can be read, and earlier states can be brought back", async () => {
  const { request } = server();
  const first = (await request("PATCH", `${api}/answers`, { body: batch("one") })) as {
    revision: number;
    conflicts: unknown[];
  };
  assert.deepEqual([first.revision, first.conflicts], [1, []]);
  await request("PATCH", `${api}/answers?person=preview&by=x`, { body: batch("two") });
  const now = (await request("GET", `${api}/answers`)) as { answers: unknown; revision: number };
  assert.deepEqual([now.revision, now.answers], [2, { why: "two" }]);
  const { history } = (await request("GET", `${api}/history`)) as {
    history: { revision: number }[];
  };
  assert.deepEqual(
    history.map(({ revision }) => revision),
    [2, 1],
  );
  const restored = (await request("POST", `${api}/restore`, { body: { revision: 1 } })) as {
    revision: number;
    document: { answers: unknown };
  };
  assert.deepEqual([restored.revision, restored.document.answers], [3, { why: "one" }]);
});

test("a status and a language are kept, and words put aside change no answer", async () => {
  const { request } = server();
  const changes = [
    { op: "status", value: "ready" },
    { op: "lang", value: "ru" },
  ];
  await request("PATCH", `${api}/answers`, { body: batch("", { changes } as never) });
  await request("PATCH", `${api}/answers`, { body: batch("lost", { aside: true } as never) });
  const now = (await request("GET", `${api}/answers`)) as Record<string, unknown>;
  assert.deepEqual([now.status, now.lang, now.answers], ["ready", "ru", {}]);
});

test("a page names its workbook and brings those that it shows something of", async () => {
  const page = (await server().request("GET", `${api}?lang=ru`)) as Record<string, object>;
  assert.equal(page.workbook, "survey");
  assert.deepEqual(Object.keys(page.linked ?? {}), ["people-map"]);
});

test("a chosen language is heard, and what needs a server is refused in words", async () => {
  const { request } = server();
  await request("POST", "preview:api/lang", { body: { lang: "ru" } });
  assert.deepEqual(chosen, ["ru"]);
  for (const [method, url] of [
    ["POST", `${api}/submit`],
    ["POST", "preview:api/files?size=3"],
    ["GET", "preview:api/me"],
  ] as const) {
    await assert.rejects(
      request(method, url),
      (error: RequestFailed) => error.problem.message === "nothing leaves",
    );
  }
});

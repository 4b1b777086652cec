import assert from "node:assert/strict";
import { test } from "node:test";
import { moduleOf, type Scope, versionOf } from "./lab-modules";
import { FileModel, isDefinition } from "./lab-preview";
import { languageOf } from "./lab-workbench";

const me = (lang: string) => ({ person: "saule-n", name: "", roles: ["facilitator"], lang });

test("commands speak the language that was chosen in Lab, else the person's", () => {
  assert.equal(languageOf("ru_RU", me("kk"), ["en"]), "ru");
  assert.equal(languageOf("en", me("kk"), ["en"]), "kk");
  assert.equal(languageOf("zh_CN", me("ru"), ["en"]), "ru");
  assert.equal(languageOf("en", null, ["de", "kk-KZ"]), "kk");
  assert.equal(languageOf("", null, []), "en");
});

test("of Lab's modules the version is taken that Lab itself would take", async () => {
  const shared = (value: unknown) => ({ get: async () => () => value });
  assert.equal(versionOf({ "4.9.0": shared(1), "4.10.1": shared(2) }), "4.10.1");
  assert.equal(versionOf({ "4.9.0": { ...shared(1), loaded: 1 }, "4.10.1": shared(2) }), "4.9.0");
  const broken = async () => {
    throw new Error("no chunk");
  };
  const scope: Scope = { a: { "1.0.0": shared("module") }, b: { "1.0.0": { get: broken } } };
  assert.equal(await moduleOf(scope, "a"), "module");
  assert.equal(await moduleOf(scope, "b"), null);
  assert.equal(await moduleOf(scope, "c"), null);
});

test("only a file of the definition's own name is previewed", () => {
  assert.equal(isDefinition("library/survey/workbook.yml"), true);
  assert.equal(isDefinition("RTC:workbook.yml"), true);
  assert.equal(isDefinition("workbook.yml.txt"), false);
  assert.equal(isDefinition("workbook.yml/notes.md"), false);
});

test("a preview keeps what it shows while the server is away or nothing has changed", async () => {
  const answers = [
    new Response(JSON.stringify({ stamp: "s1", page: { workbook: "a" }, complaints: [] })),
    new Response(null, { status: 204 }),
    new Response("gone", { status: 502 }),
    new Response(JSON.stringify({ stamp: "s2", page: null, complaints: [{ line: 3 }] })),
  ];
  const asked: string[] = [];
  const real = globalThis.fetch;
  globalThis.fetch = (async (address: string) => {
    asked.push(address);
    return answers.shift() ?? Promise.reject(new TypeError("offline"));
  }) as typeof fetch;
  try {
    const words = { lang: "kk", messages: {}, t: String };
    const model = new FileModel(
      (known) => `?known=${known}`,
      () => words,
    );
    const changes: string[] = [];
    model.on("change:page", () => changes.push("page"));
    for (let time = 0; time < 5; time += 1) await model.look();
    assert.deepEqual(asked, ["?known=", "?known=s1", "?known=s1", "?known=s1", "?known=s2"]);
    assert.deepEqual(model.get("page"), { workbook: "a" });
    assert.deepEqual(model.get("complaints"), [{ line: 3 }]);
    assert.deepEqual(changes, ["page"]);
  } finally {
    globalThis.fetch = real;
  }
});

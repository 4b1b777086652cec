import assert from "node:assert/strict";
import { test } from "node:test";
import { apiUrl, baseUrl, pageUrl, place } from "./host";

const ours = { workbook: "focus" };

test("a notebook in a person's folder names its owner", () => {
  assert.deepEqual(place(ours, "people/aigul-s/focus/focus.ipynb"), {
    workbook: "focus",
    owner: "aigul-s",
  });
  assert.deepEqual(place(ours, "RTC:var/demo/people/aigul-s/focus/focus.ipynb"), {
    workbook: "focus",
    owner: "aigul-s",
  });
});

test("a notebook elsewhere shows the reader's own workbook", () => {
  assert.deepEqual(place(ours, "focus/focus.ipynb"), { workbook: "focus", owner: null });
  assert.deepEqual(place(ours, "people/focus.ipynb"), { workbook: "focus", owner: null });
});

test("staff see the cells in nbgrader's own folders", () => {
  for (const folder of ["source", "submitted", "autograded", "feedback"]) {
    assert.equal(place(ours, `${folder}/aigul-s/focus/focus.ipynb`), null);
  }
});

test("a notebook that is not ours is left alone", () => {
  for (const metadata of [
    undefined,
    null,
    "focus",
    {},
    { workbook: 7 },
    { workbook: "../../etc" },
    { workbook: "" },
  ]) {
    assert.equal(place(metadata, "focus.ipynb"), null);
  }
});

test("addresses start at the server's base", () => {
  assert.equal(apiUrl("/user/a/"), "/user/a/ustaz/api/v1");
  assert.equal(pageUrl("/", "action-plan"), "/ustaz/workbooks/action-plan");
  const page = (text: string | null) =>
    ({
      getElementById: () => (text === null ? null : { textContent: text }),
      body: { dataset: {} },
    }) as never;
  assert.equal(baseUrl(page('{"baseUrl": "/user/a"}')), "/user/a/");
  assert.equal(baseUrl(page('{"baseUrl": "https://elsewhere.example/"}')), "/");
  assert.equal(baseUrl(page("{")), "/");
  assert.equal(baseUrl(page(null)), "/");
});

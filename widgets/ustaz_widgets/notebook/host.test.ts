import assert from "node:assert/strict";
import { test } from "node:test";
import { dom } from "../dev/testing";
import { AWAY, apiUrl, baseUrl, behind, courseOf, pageUrl, place, whoAmI } from "./host";

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

test("behind a hub the folder at the top of the home names the course", () => {
  const page = (text: string) => ({ getElementById: () => ({ textContent: text }) }) as never;
  const { courses, away } = behind(
    page('{"baseUrl": "/user/a/", "ustazCourses": "trial pilot", "ustazAway": "Wait · Күтіңіз"}'),
  );
  assert.deepEqual(courses, ["trial", "pilot"]);
  assert.equal(away, "Wait · Күтіңіз");
  assert.equal(courseOf("pilot/focus/focus.ipynb", courses), "pilot");
  assert.equal(courseOf("RTC:pilot/focus/focus.ipynb", courses), "pilot");
  assert.equal(courseOf("people/aigul-s/focus/focus.ipynb", courses), null);
  assert.equal(courseOf("other/pilot/focus.ipynb", courses), null);
  assert.equal(apiUrl("/user/a/", "pilot"), "/user/a/ustaz/pilot/api/v1");
  assert.equal(pageUrl("/user/a/", "focus", "pilot"), "/user/a/ustaz/pilot/workbooks/focus");
  assert.deepEqual(behind(page('{"ustazCourses": 7}')).courses, []);
  assert.deepEqual(behind(page("[]")).courses, []);
});

test("asking who one is carries the token, and knows being away from being nobody", async () => {
  dom();
  // biome-ignore lint/suspicious/noDocumentCookie: the token comes in a cookie
  document.cookie = "_xsrf=2|abc";
  const real = globalThis.fetch;
  const seen: string[] = [];
  const answers = [
    Response.json({ person: { id: "aigul-s", name: "Aigul S.", roles: ["participant"] } }),
    Response.json({ error: "hub_away" }, { status: 503 }),
    new Response("<html>", { status: 404 }),
    Response.json({ person: null }),
  ];
  globalThis.fetch = async (url, init) => {
    seen.push(`${url} ${new Headers(init?.headers).get("X-XSRFToken")}`);
    return answers.shift() as Response;
  };
  try {
    const me = await whoAmI("/user/a/ustaz/api/v1");
    assert.equal(me !== AWAY && me?.person, "aigul-s");
    assert.equal(await whoAmI("/x"), AWAY);
    assert.equal(await whoAmI("/x"), null);
    assert.equal(await whoAmI("/x"), null);
  } finally {
    globalThis.fetch = real;
  }
  assert.equal(seen[0], "/user/a/ustaz/api/v1/me 2|abc");
});

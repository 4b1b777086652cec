import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { dom } from "../dev/testing";
import { makeRequest, problemOf } from "./transport";

type Sent = { url: string; init: RequestInit };
const sent: Sent[] = [];

function answering(...answers: (Response | Error)[]): typeof fetch {
  return async (url, init) => {
    sent.push({ url: String(url), init: init ?? {} });
    const answer = answers[Math.min(sent.length, answers.length) - 1] as Response | Error;
    if (answer instanceof Error) throw answer;
    return answer;
  };
}
const json = (data: unknown, status = 200) => Response.json(data, { status });

async function problem(answer: Response | Error) {
  try {
    await makeRequest("_xsrf", answering(answer))("PATCH", "/x", { body: {} });
  } catch (error) {
    return problemOf(error);
  }
  return assert.fail("no failure");
}

beforeEach(() => {
  dom();
  sent.length = 0;
  // biome-ignore lint/suspicious/noDocumentCookie: the token comes in a cookie
  document.cookie = "_xsrf=2|abc";
});

test("every request carries the token and says for whom the page was made", async () => {
  const request = makeRequest("_xsrf", answering(json({})), "aigul-s");
  await request("GET", "/x");
  await request("PATCH", "/x", { body: { a: 1 } }).catch(() => undefined);
  const headers = sent.map(({ init }) => init.headers as Record<string, string>);
  assert.deepEqual(
    headers.map((one) => [one["X-XSRFToken"], one["X-Ustaz-Person"]]),
    [
      ["2|abc", "aigul-s"],
      ["2|abc", "aigul-s"],
    ],
  );
  assert.ok(sent.every(({ init }) => init.credentials === "same-origin"));
});

test("a hub that answers for a JupyterLab that has stopped is not a lost sign-in", async () => {
  const hub = { status: 403, headers: { "X-JupyterHub-Version": "6.1.1" } };
  const kind = async (url: string, answer: Response) => {
    const request = makeRequest("_xsrf", answering(answer));
    const failed = await request("PATCH", url, { body: {} }).catch((error) => problemOf(error));
    sent.length = 0;
    return (failed as { kind: string }).kind;
  };
  const mine = "/user/aigul-s/ustaz/api/v1/x";
  assert.equal(await kind(mine, new Response("<html>", hub)), "stopped");
  assert.equal(await kind(mine, Response.json({ error: "signed_out" }, hub)), "signed_out");
  assert.equal(await kind("/services/ustaz/x", new Response("<html>", hub)), "signed_out");
});

test("failures are sorted by what a person can do about them", async () => {
  const cases: [Response | Error, string][] = [
    [new TypeError("network"), "offline"],
    [json({ error: "busy" }, 503), "server"],
    [json({ message: "server no longer running" }, 424), "stopped"],
    [json({ error: "too_many" }, 429), "server"],
    [json({ error: "full" }, 507), "full"],
    [json({ error: "readonly" }, 503), "readonly"],
    [json({}, 401), "signed_out"],
    [json({ error: "other_account" }, 403), "other_person"],
    [new Response("Forbidden", { status: 403 }), "signed_out"],
    [json({ error: "too_large" }, 413), "too_large"],
    [json({ error: "bad_change" }, 400), "refused"],
    [json({ error: "newer" }, 409), "newer"],
    [json({}, 404), "missing"],
  ];
  for (const [answer, kind] of cases) {
    sent.length = 0;
    assert.equal((await problem(answer)).kind, kind);
  }
});

test("a page in place of data is a sign-in form or a gateway, never an acknowledgement", async () => {
  assert.equal((await problem(new Response("<html>", { status: 200 }))).kind, "offline");
  const redirected = new Response("<html>Sign in", { status: 200 });
  Object.defineProperty(redirected, "redirected", { value: true });
  sent.length = 0;
  assert.equal((await problem(redirected)).kind, "signed_out");
});

test("signing in again elsewhere is noticed: the new token is tried once", async () => {
  const fetcher: typeof fetch = async (url, init) => {
    sent.push({ url: String(url), init: init ?? {} });
    if (sent.length > 1) return json({ ok: true });
    // biome-ignore lint/suspicious/noDocumentCookie: another tab signs in meanwhile
    document.cookie = "_xsrf=2|new";
    return json({}, 403);
  };
  const data = await makeRequest("_xsrf", fetcher)("PATCH", "/x", { body: {} });
  assert.deepEqual(data, { ok: true });
  const headers = sent.map(({ init }) => init.headers as Record<string, string>);
  assert.equal(headers[1]?.["X-XSRFToken"], "2|new");
});

test("only a short request may outlive the page", async () => {
  const request = makeRequest("_xsrf", answering(json({}), json({})));
  await request("PATCH", "/x", { body: "a", keepalive: true });
  await request("PATCH", "/x", { body: "a".repeat(40_000), keepalive: true });
  assert.deepEqual(
    sent.map(({ init }) => init.keepalive),
    [true, false],
  );
});

test("an answer that begins and never ends is none, and does not hold up the next", async () => {
  const body = () =>
    new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([123])) });
  const endless = makeRequest("_xsrf", async () => new Response(body()));
  await assert.rejects(endless("PATCH", "/api", { body: {}, timeout: 5 }), (error) => {
    assert.deepEqual(problemOf(error), { kind: "offline", status: 0, late: true });
    return true;
  });
});

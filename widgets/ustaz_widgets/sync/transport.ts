/**
 * Talking to the API: cookies and XSRF as Jupyter Server wants them, time-outs, and failures
 * sorted by what a person can do about them.
 */

import type { Saved } from "../model/types";

export type ProblemKind =
  /** No answer came: network, time-out, a gateway's page. Trying again helps. */
  | "offline"
  /** The server answered that it cannot now (5xx, busy). Trying again helps. */
  | "server"
  /** A hub answered: the JupyterLab that this page came from no longer runs. */
  | "stopped"
  | "full"
  | "readonly"
  /** Signed out, or the session changed. */
  | "signed_out"
  | "other_person"
  | "too_large"
  /** The server does not understand what was sent. Trying again does not help. */
  | "refused"
  /** The document was written by a newer version than this page. */
  | "newer"
  | "missing";

export interface Problem {
  kind: ProblemKind;
  status: number;
  error?: string;
  message?: string;
  hint?: string;
  data?: unknown;
  /** No answer came in time, though nothing else went wrong. */
  late?: boolean;
}

export class RequestFailed extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.kind} (${problem.status})`);
  }
}

export interface RequestOptions {
  body?: unknown;
  /** Sent as they are. */
  bytes?: Blob;
  /** Let the request outlive the page; only short ones may. */
  keepalive?: boolean;
  timeout?: number;
}
export type Request = (method: string, url: string, options?: RequestOptions) => Promise<unknown>;

const TIMEOUT = 20_000;
/** Browsers refuse `keepalive` above 64 KiB in flight. */
const KEEPALIVE_LIMIT = 60_000;

function cookie(name: string): string | null {
  const pair = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : null;
}

/**
 * A hub that answers in the place of somebody's JupyterLab: it does not run. To what writes, the
 * hub says only that the token is not its own; our own refusals always have an id.
 */
function isHubItself(url: string, response: Response, error: string | undefined): boolean {
  if (response.status === 424) return true;
  const hub = response.headers.has("X-JupyterHub-Version") && /^\/user\//.test(url);
  return hub && error === undefined && [403, 404, 405].includes(response.status);
}

function classify(status: number, error: string | undefined): ProblemKind {
  if (status === 507 || error === "full") return "full";
  if (error === "readonly") return "readonly";
  if (error === "newer") return "newer";
  if (status === 413 || error === "too_large") return "too_large";
  if (error === "other_account") return "other_person";
  if (status === 401 || status === 403) return "signed_out";
  if (status === 404) return "missing";
  if (status >= 500 || status === 408 || status === 423 || status === 425 || status === 429) {
    return "server";
  }
  return "refused";
}

/**
 * A `Request` on `fetch`.
 *
 * A hub wants its token with what reads as well. With `reader`, each request says for whom the
 * page was made: on a shared computer somebody else may have signed in meanwhile, and the server
 * then refuses instead of writing one person's words into another's workbook.
 */
export function makeRequest(
  xsrfCookie = "_xsrf",
  fetcher: typeof fetch = fetch,
  reader: string | null = null,
): Request {
  async function once(method: string, url: string, options: RequestOptions): Promise<Answer> {
    const headers: Record<string, string> = { Accept: "application/json" };
    const token = cookie(xsrfCookie);
    if (token !== null) headers["X-XSRFToken"] = token;
    if (reader) headers["X-Ustaz-Person"] = reader;
    const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
    if (options.body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(options.body);
      // Three bytes a letter at most: Kazakh and Russian take two.
      init.keepalive = options.keepalive === true && init.body.length * 3 < KEEPALIVE_LIMIT;
    }
    if (options.bytes) {
      headers["Content-Type"] = "application/octet-stream";
      init.body = options.bytes;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), options.timeout ?? TIMEOUT);
    try {
      const response = await fetcher(url, { ...init, signal: stop.signal });
      // An answer that begins and never ends is none.
      return { response, data: await readJson(response, stop.signal) };
    } catch {
      const late = stop.signal.aborted ? { late: true } : {};
      throw new RequestFailed({ kind: "offline", status: 0, ...late });
    } finally {
      clearTimeout(timer);
    }
  }

  return async (method, url, options = {}) => {
    const before = cookie(xsrfCookie);
    let { response, data } = await once(method, url, options);
    // Signing in again in another tab changes the token: look once more before giving up.
    if (response.status === 403 && cookie(xsrfCookie) !== before) {
      ({ response, data } = await once(method, url, options));
    }
    if (response.ok && data !== undefined) return data;
    // A page instead of data: a sign-in form after a redirect, or a gateway in between.
    if (response.ok) {
      throw new RequestFailed({ kind: response.redirected ? "signed_out" : "offline", status: 0 });
    }
    const { error, message, hint } = (data ?? {}) as Partial<Problem>;
    throw new RequestFailed({
      kind: isHubItself(url, response, error) ? "stopped" : classify(response.status, error),
      status: response.status,
      ...(typeof error === "string" ? { error } : {}),
      ...(typeof message === "string" ? { message } : {}),
      ...(typeof hint === "string" ? { hint } : {}),
      data,
    });
  };
}

interface Answer {
  response: Response;
  data: unknown;
}

async function readJson(response: Response, stop: AbortSignal): Promise<unknown> {
  const stopped = new Promise<never>((_, fail) => {
    stop.addEventListener("abort", () => fail(stop.reason), { once: true });
  });
  try {
    return await Promise.race([response.json(), stopped]);
  } catch (error) {
    if (stop.aborted) throw error;
    return undefined;
  }
}

/** What is no acknowledgement, though it came with a good status. */
export function isSaved(answer: unknown): answer is Saved {
  const saved = answer as Partial<Saved> | null;
  const { document } = saved ?? {};
  return (
    Number.isInteger(saved?.revision) &&
    Array.isArray(saved?.conflicts) &&
    (!document || (Number.isInteger(document.revision) && typeof document.answers === "object"))
  );
}

export function problemOf(error: unknown): Problem {
  return error instanceof RequestFailed ? error.problem : { kind: "offline", status: 0 };
}

/**
 * What the two notebook hosts share: where the server is, who is asking, and whether it is ours.
 *
 * Both talk to the HTTP API of the same origin. Nothing here runs code or reads a kernel.
 */
import { makeRequest, problemOf } from "../sync/transport";

/** What Jupyter's pages say of themselves. */
export function config(page: globalThis.Document): Record<string, unknown> {
  try {
    const settings = JSON.parse(page.getElementById("jupyter-config-data")?.textContent ?? "{}");
    return typeof settings === "object" && settings !== null ? settings : {};
  } catch {
    return {}; // a page with a broken configuration is served from the root, as far as we can tell
  }
}

/** Where Jupyter's pages say the server's base address is. */
export function baseUrl(page: globalThis.Document = document): string {
  if (page.getElementById("jupyter-config-data")?.textContent) {
    const base = config(page).baseUrl;
    if (typeof base === "string" && base.startsWith("/"))
      return base.endsWith("/") ? base : `${base}/`;
  }
  return page.body?.dataset.baseUrl ?? "/";
}

export interface Behind {
  /** Ids of the courses that this server reaches through a hub; empty where it serves its own. */
  courses: string[];
  /** What is said as long as they do not answer, in every language. */
  away: string;
}

/** What stands behind a server that a hub spawned. */
export function behind(page: globalThis.Document = document): Behind {
  const { ustazCourses, ustazAway } = config(page);
  return {
    courses: typeof ustazCourses === "string" ? ustazCourses.split(" ").filter(Boolean) : [],
    away: typeof ustazAway === "string" ? ustazAway : "",
  };
}

/** The course whose folder a file lies in, at the top of the home; `null` for the server's own. */
export function courseOf(path: string, courses: string[]): string | null {
  const top = parts(path)[0] ?? "";
  return courses.includes(top) ? top : null;
}

const rootOf = (base: string, course: string | null): string =>
  course ? `${base}ustaz/${encodeURIComponent(course)}/` : `${base}ustaz/`;
export const apiUrl = (base: string, course: string | null = null): string =>
  `${rootOf(base, course)}api/v1`;
export const pageUrl = (base: string, workbook: string, course: string | null = null): string =>
  `${rootOf(base, course)}workbooks/${encodeURIComponent(workbook)}`;

export interface Me {
  person: string;
  name: string;
  roles: string[];
  lang: string;
}

/** Trying again helps: the course is there, and does not answer just now. */
export const AWAY = "away";

/** What asking for a person came to: `absent` where there is no course to ask. */
export type Reach = { state: "here"; me: Me | null } | { state: "away" } | { state: "absent" };

/**
 * Ask a course who is asking; nobody where nobody is signed in.
 *
 * `api` is as `apiUrl` gives it. A hub wants its token with what reads as well.
 */
export async function reach(api: string): Promise<Reach> {
  try {
    const answer = (await makeRequest()("GET", `${api}/me`)) as {
      person?: { id?: unknown; name?: unknown; roles?: unknown } | null;
      lang?: unknown;
    };
    const { id, name, roles } = answer.person ?? {};
    if (typeof id !== "string" || !id) return { state: "here", me: null };
    const me = {
      person: id,
      name: typeof name === "string" ? name : "",
      roles: Array.isArray(roles) ? roles.map(String) : [],
      lang: typeof answer.lang === "string" ? answer.lang : "en",
    };
    return { state: "here", me };
  } catch (error) {
    const { kind } = problemOf(error);
    const away = kind === "server" || kind === "offline" || kind === "stopped";
    return { state: away ? "away" : "absent" };
  }
}

/** Who is asking; `null` when this server has no Ustaz or nobody is signed in. */
export async function whoAmI(api: string): Promise<Me | null | typeof AWAY> {
  const answer = await reach(api);
  if (answer.state === "away") return AWAY;
  return answer.state === "here" ? answer.me : null;
}

/** The catalogue of a language; empty (English) when it cannot be had. */
export async function messagesFor(
  api: string,
  lang: string,
): Promise<Record<string, string | string[]>> {
  if (lang === "en") return {};
  try {
    const messages = await makeRequest()("GET", `${api}/messages/${encodeURIComponent(lang)}`);
    return messages as Record<string, string | string[]>;
  } catch {
    return {};
  }
}

const WORKBOOK_ID = /^[a-z][a-z0-9-]{0,31}$/;
/** Folders of nbgrader in which staff look at the cells themselves. */
const STAFF_FOLDERS = new Set(["source", "submitted", "autograded", "feedback"]);

export interface Place {
  workbook: string;
  /** Whose folder the notebook lies in, when it lies in one. */
  owner: string | null;
}

/**
 * Which workbook a notebook shows, or `null` when its cells should be left alone.
 *
 * A notebook only names a workbook; everything else comes from the server. So a changed or
 * hostile notebook can at most show its reader another of the reader's own workbooks.
 */
export function place(metadata: unknown, path: string): Place | null {
  if (typeof metadata !== "object" || metadata === null) return null;
  const workbook = (metadata as { workbook?: unknown }).workbook;
  if (typeof workbook !== "string" || !WORKBOOK_ID.test(workbook)) return null;
  const names = parts(path);
  if (names.some((part) => STAFF_FOLDERS.has(part))) return null;
  const at = names.lastIndexOf("people");
  const owner = at >= 0 && names.length - at > 3 ? (names[at + 1] ?? null) : null;
  return { workbook, owner };
}

/** The names in a path; a drive ("RTC:") may stand before it. */
export function parts(path: string): string[] {
  return path
    .replace(/^[^/:]*:/, "")
    .split("/")
    .filter(Boolean);
}

/** What anywidget hands to the half of a widget in the browser. */
export interface Model {
  get: (name: string) => unknown;
  on: (event: string, listener: () => void) => void;
  off: (event: string, listener: () => void) => void;
  send: (content: unknown) => void;
}

/** What the ids of one view begin with: there may be others on the page, of other modules too. */
export const freshPrefix = (workbook: string): string =>
  `uz-${workbook}-${Math.random().toString(36).slice(2, 10)}`;

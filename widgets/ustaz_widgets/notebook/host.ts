/**
 * What the two notebook hosts share: where the server is, who is asking, and whether it is ours.
 *
 * Both talk to the HTTP API of the same origin. Nothing here runs code or reads a kernel.
 */

/** Where Jupyter's pages say the server's base address is. */
export function baseUrl(page: globalThis.Document = document): string {
  const config = page.getElementById("jupyter-config-data")?.textContent;
  if (config) {
    try {
      const base = (JSON.parse(config) as { baseUrl?: unknown }).baseUrl;
      if (typeof base === "string" && base.startsWith("/"))
        return base.endsWith("/") ? base : `${base}/`;
    } catch {
      // A page with a broken configuration is served from the root, as far as we can tell.
    }
  }
  return page.body?.dataset.baseUrl ?? "/";
}

export const apiUrl = (base: string): string => `${base}ustaz/api/v1`;
export const pageUrl = (base: string, workbook: string): string =>
  `${base}ustaz/workbooks/${encodeURIComponent(workbook)}`;

export interface Me {
  person: string;
  name: string;
  roles: string[];
  lang: string;
}

/** Who is asking; `null` when this server has no Ustaz or nobody is signed in. */
export async function whoAmI(base: string): Promise<Me | null> {
  try {
    const answer = await fetch(`${apiUrl(base)}/me`, {
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) return null;
    const said = (await answer.json()) as {
      person?: { id?: unknown; name?: unknown; roles?: unknown } | null;
      lang?: unknown;
    };
    const { id, name, roles } = said.person ?? {};
    if (typeof id !== "string" || !id) return null;
    return {
      person: id,
      name: typeof name === "string" ? name : "",
      roles: Array.isArray(roles) ? roles.map(String) : [],
      lang: typeof said.lang === "string" ? said.lang : "en",
    };
  } catch {
    return null;
  }
}

/** The catalogue of a language; empty (English) when it cannot be had. */
export async function messagesFor(
  base: string,
  lang: string,
): Promise<Record<string, string | string[]>> {
  if (lang === "en") return {};
  try {
    const answer = await fetch(`${apiUrl(base)}/messages/${lang}`, { credentials: "same-origin" });
    return answer.ok ? ((await answer.json()) as Record<string, string | string[]>) : {};
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
  // A drive ("RTC:") may stand before the path.
  const parts = path
    .replace(/^[^/:]*:/, "")
    .split("/")
    .filter(Boolean);
  if (parts.some((part) => STAFF_FOLDERS.has(part))) return null;
  const at = parts.lastIndexOf("people");
  const owner = at >= 0 && parts.length - at > 3 ? (parts[at + 1] ?? null) : null;
  return { workbook, owner };
}

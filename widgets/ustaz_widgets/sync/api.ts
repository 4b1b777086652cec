/** The calls of the HTTP API that a workbook page makes besides saving. */

import type { PageData } from "../model/page-data";
import type { Answers, Document, Messages, Round, Saved } from "../model/types";
import type { Request } from "./transport";

export interface HistoryEntry {
  revision: number;
  at: string;
  who?: string;
  who_name?: string;
  paths?: (string | string[])[];
  /** It keeps words that were given up for others. */
  aside?: boolean;
}
export interface Receipt {
  round: number;
  received_at: string;
  answered: number;
  of: number;
  code: string;
  repeated?: boolean;
  late?: boolean;
  page?: string;
  /** Who reads it, and by when feedback comes, in words. */
  readers?: string;
  feedback_by?: string;
}

export class Api {
  constructor(
    readonly base: string,
    readonly workbook: string,
    readonly request: Request,
    private readonly about: string | null = null,
    /** Who writes, as the page believes. */
    readonly by: string | null | undefined = null,
  ) {}

  #url(rest = "", query: Record<string, string> = {}, workbook = this.workbook): string {
    const asked = new URLSearchParams(query);
    if (this.about) asked.set("person", this.about);
    if (this.by) asked.set("by", this.by);
    const tail = asked.size > 0 ? `?${asked}` : "";
    return `${this.base}/workbooks/${encodeURIComponent(workbook)}${rest}${tail}`;
  }

  page(lang: string): Promise<PageData> {
    return this.request("GET", this.#url("", lang ? { lang } : {})) as Promise<PageData>;
  }

  /** What a section of the workbook opens with, drawn by the server as HTML. */
  async opening(lang: string): Promise<string> {
    const data = await this.request("GET", this.#url("/opening", { lang }));
    return (data as { html: string }).html;
  }

  /** Words of the page; of all its parts, where none is named (`shared/later.json`). */
  async messages(lang: string, parts?: string): Promise<Messages> {
    const asked = parts ? `?parts=${parts}` : "";
    const address = `${this.base}/messages/${encodeURIComponent(lang)}${asked}`;
    const data = await this.request("GET", address);
    return ((data as { messages?: Messages }).messages ?? data) as Messages;
  }

  /** Remember the language of the person; a failure changes nothing on the page. */
  async rememberLang(lang: string): Promise<void> {
    await this.request("POST", `${this.base}/lang`, { body: { lang } }).catch(() => undefined);
  }

  async history(): Promise<HistoryEntry[]> {
    const data = (await this.request("GET", this.#url("/history"))) as { history?: HistoryEntry[] };
    return data.history ?? (data as HistoryEntry[]);
  }

  async revision(revision: number): Promise<Answers> {
    const data = (await this.request("GET", this.#url(`/history/${revision}`))) as {
      answers: Answers;
    };
    return data.answers;
  }

  /** Bring a version back; or, with `undo`, take back what that one changed. */
  restore(revision: number, undo = false): Promise<Saved> {
    const body = undo ? { revision, undo } : { revision };
    return this.request("POST", this.#url("/restore"), { body }) as Promise<Saved>;
  }

  async submit(revision: number, confirm: boolean): Promise<Receipt> {
    const body = { revision, confirm };
    const data = (await this.request("POST", this.#url("/submit"), { body })) as {
      receipt: Receipt;
    };
    return data.receipt;
  }

  /** Say that what stands at these places, in these revisions, is as one wrote it. */
  confirmEntered(
    workbook: string,
    seen: Record<string, number>,
  ): Promise<{ confirmed: number; document: Document }> {
    const url = this.#url("/entered", {}, workbook);
    return this.request("POST", url, { body: { seen } }) as Promise<{
      confirmed: number;
      document: Document;
    }>;
  }

  async rounds(lang: string): Promise<Round[]> {
    return (await this.page(lang)).rounds ?? [];
  }
}

/** Page data: completed from the API where a host gave only a part, and kept per language. */

import type { PageData } from "../model/page-data";
import type { Definition, Messages } from "../model/types";
import type { Api } from "../sync/api";

/** The words of a language: definitions by workbook, and the catalogue. */
export interface Words {
  definitions: Record<string, Definition>;
  messages: Messages;
  /** No native reader has signed them off yet. */
  draft: boolean;
  /** Messages of later parts have not come yet. */
  partly: boolean;
}

export function wordsOf(data: PageData): Words | null {
  if (!data.definition || !data.messages) return null;
  const definitions: Record<string, Definition> = { [data.workbook]: data.definition };
  for (const [id, part] of Object.entries(data.linked ?? {})) definitions[id] = part.definition;
  const { messages, draft = false, begins } = data;
  return { definitions, messages, draft, partly: !!begins };
}

/** Fill in what the host left out; what it gave wins. */
export async function complete(data: PageData, api: Api): Promise<PageData> {
  if (data.definition && data.document && data.messages) return data;
  const fetched = data.definition && data.document ? {} : await api.page(data.lang);
  const named = Object.fromEntries(
    Object.entries(data).filter(([, value]) => value !== undefined && value !== null),
  );
  const full = { ...fetched, ...named } as PageData;
  full.keeper ??= (fetched as Partial<PageData>).api ?? full.api;
  full.messages ??= await api.messages(full.lang, full.begins);
  return full;
}

/** Languages that were loaded, and those on their way. */
export class WordStore {
  #ready = new Map<string, Words>();
  #coming = new Map<string, Promise<Words>>();

  constructor(private readonly api: Api) {}

  put(lang: string, words: Words | null): void {
    if (words) this.#ready.set(lang, words);
  }

  at(lang: string): Words | undefined {
    return this.#ready.get(lang);
  }

  load(lang: string): Promise<Words> {
    const known = this.#ready.get(lang);
    if (known) return this.rest(lang).then(() => this.#ready.get(lang) ?? known);
    const coming = this.#coming.get(lang) ?? this.#fetch(lang);
    this.#coming.set(lang, coming);
    return coming;
  }

  /** Fetch the messages of a language that the page has begun without. */
  async rest(lang: string): Promise<true> {
    const words = this.#ready.get(lang);
    if (words?.partly) {
      const later = await this.api.messages(lang, "kinds,typist,later");
      // A new object: what was made of the old one is made anew.
      const messages = { ...words.messages, ...later };
      this.#ready.set(lang, { ...words, messages, partly: false });
    }
    return true;
  }

  async #fetch(lang: string): Promise<Words> {
    try {
      const data = await this.api.page(lang);
      data.messages ??= await this.api.messages(lang);
      const words = wordsOf(data);
      if (!words) throw new Error(`no words for ${lang}`);
      this.#ready.set(lang, words);
      return words;
    } finally {
      this.#coming.delete(lang);
    }
  }
}

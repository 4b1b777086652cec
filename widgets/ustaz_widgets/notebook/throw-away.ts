/** What stands in the place of a server where a workbook is only tried: it forgets with the page. */
import { applyChange } from "../model/changes";
import type { PageData } from "../model/page-data";
import type { Answers, Batch, Definition, Document, Messages } from "../model/types";
import { type Request, RequestFailed } from "../sync/transport";

/** Everything that is said of a workbook in one language. */
export interface Wording {
  definition: Definition;
  linked: Record<string, Definition>;
  messages: Messages;
}

/** What a page starts with; the rest is the same for every workbook. */
type Started = Pick<PageData, "workbook" | "lang"> & Partial<PageData>;

/** Who tries it; nobody's id. */
const SUBJECT = { kind: "person", id: "preview" };

const fresh = (workbook: string, lang: string): Document => ({
  workbook,
  subject: SUBJECT,
  lang,
  status: "draft",
  revision: 0,
  updated_at: null,
  answers: {},
});

/** Documents in memory, and a `Request` that reads and writes them as the HTTP API does. */
export class ThrowAway {
  readonly #documents = new Map<string, Document>();
  readonly #history = new Map<string, { at: string; answers: Answers }[]>();

  constructor(
    private readonly wording: (lang: string) => Wording,
    private readonly lang: string,
    /** What is said of what only a server can do. */
    private readonly refusal: string,
    /** Called when another language was chosen in the workbook. */
    private readonly chosen: (lang: string) => void,
  ) {}

  /** What a page starts with. What was typed before is kept while the same page goes on. */
  page(workbook: string, lang: string): Started {
    const { definition, linked, messages } = this.wording(lang);
    return {
      workbook,
      lang,
      definition,
      messages,
      document: this.document(workbook),
      linked: Object.fromEntries(
        Object.entries(linked).map(([id, other]) => [
          id,
          { definition: other, document: this.document(id) },
        ]),
      ),
    };
  }

  document(workbook: string): Document {
    const known = this.#documents.get(workbook) ?? fresh(workbook, this.lang);
    this.#documents.set(workbook, known);
    return known;
  }

  request: Request = async (method, url, options) => {
    const [path = "", query = ""] = url.split("?");
    const [workbook = "", what = "", revision = ""] = path
      .split("/workbooks/")
      .slice(1)
      .join("")
      .split("/")
      .map(decodeURIComponent);
    const lang = new URLSearchParams(query).get("lang") ?? this.lang;
    if (path.endsWith("/lang")) {
      const chosen = options?.body as { lang: string };
      this.chosen(chosen.lang);
      return {};
    }
    if (workbook && method === "PATCH" && what === "answers") {
      return this.#save(workbook, options?.body as Batch);
    }
    if (workbook && method === "GET") {
      if (what === "") return this.page(workbook, lang);
      if (what === "answers") return structuredClone(this.document(workbook));
      if (what === "opening") return { html: "" };
      if (what === "history") return this.#past(workbook, revision);
    }
    if (workbook && method === "POST" && what === "restore") {
      const asked = options?.body as { revision: number };
      return this.#restore(workbook, asked.revision);
    }
    throw new RequestFailed({ kind: "refused", status: 0, message: this.refusal });
  };

  #put(document: Document): { revision: number; saved_at: string } {
    const at = new Date().toISOString();
    const next = { ...document, revision: document.revision + 1, updated_at: at };
    this.#documents.set(document.workbook, next);
    const states = this.#history.get(document.workbook) ?? [];
    this.#history.set(document.workbook, [...states, { at, answers: next.answers }]);
    return { revision: next.revision, saved_at: at };
  }

  #save(workbook: string, { changes, aside }: Batch) {
    let document = this.document(workbook);
    if (!aside) {
      for (const change of changes) {
        if (change.op === "status") document = { ...document, status: change.value };
        else if (change.op === "lang") document = { ...document, lang: change.value };
        else document = { ...document, answers: applyChange(document.answers, change) };
      }
    }
    return { ...this.#put(document), conflicts: [] };
  }

  #past(workbook: string, revision: string) {
    const states = this.#history.get(workbook) ?? [];
    if (revision) return { answers: states[Number(revision) - 1]?.answers ?? {} };
    return { history: states.map(({ at }, index) => ({ revision: index + 1, at })).reverse() };
  }

  #restore(workbook: string, revision: number) {
    const answers = this.#history.get(workbook)?.[revision - 1]?.answers;
    const document = this.document(workbook);
    const saved = this.#put({ ...document, answers: answers ?? document.answers });
    return { ...saved, conflicts: [], document: this.document(workbook) };
  }
}

/** What components receive, made anew for every rendering from the stores and the language. */

import type { Ctx } from "../form/types";
import { key } from "../model/changes";
import { evaluate } from "../model/evaluate";
import { sentence } from "../model/findings";
import type { PageData } from "../model/page-data";
import { isTypist } from "../model/transcription";
import type { Definition, I18n, Mode, Path, RuleContext } from "../model/types";
import { shownFindings } from "../model/visible-findings";
import type { Api } from "../sync/api";
import type { DocumentStore } from "../sync/store";

export interface Seen {
  left: Set<string>;
  checked: boolean;
}
export interface Parts {
  uid: string;
  mode: Mode;
  i18n: I18n;
  data: PageData;
  api: Api;
  stores: Record<string, DocumentStore>;
  definitions: Record<string, Definition>;
  seen: Seen;
  leave: (path: Path) => void;
  /** Advice on what says who somebody is, once the guard has come (guarded.tsx). */
  noticed?: typeof import("./guarded").noticed | undefined;
  announce: (text: string) => void;
}

export function today(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Address of another workbook's page, beside the home page; none when there is no home. */
export function pageAddress(data: PageData, workbook: string, field?: string): string | null {
  if (!data.home) return null;
  const hash = field ? `#${uidOf(workbook)}-${field}` : "";
  const person = encodeURIComponent(data.about ?? "");
  const name = encodeURIComponent(workbook);
  if (isTypist(data))
    return `${data.home.replace(/\/?$/, "/")}people/${person}/${name}/enter${hash}`;
  return `${data.home.replace(/\/?$/, "/")}workbooks/${name}${hash}`;
}

export function uidOf(workbook: string): string {
  return `uz-${workbook}`;
}

/** What every id of this view begins with. */
export function uidHere(data: PageData): string {
  return data.uid ?? uidOf(data.workbook);
}

/** A context for each workbook at hand; the page's own is that of `data.workbook`. */
export function contexts(parts: Parts): Record<string, Ctx> {
  const { data, stores, definitions, i18n, seen } = parts;
  const linked = Object.fromEntries(
    Object.entries(stores).map(([id, store]) => [id, store.answers]),
  );
  const surroundings = data.context ?? { today: today() };
  const context: RuleContext = { ...surroundings, linked };
  const result: Record<string, Ctx> = {};
  for (const [id, store] of Object.entries(stores)) {
    const definition = definitions[id];
    if (!definition) continue;
    const own = id === data.workbook;
    const { withheld = [] } = store.document;
    const evaluation = evaluate(definition, store.answers, { ...context, withheld });
    const uid = own ? parts.uid : `${parts.uid}-${id}`;
    result[id] = {
      ...i18n,
      mode: parts.mode,
      typist: isTypist(data),
      writing: store.document.lang || i18n.lang,
      definition,
      store,
      stores,
      definitions,
      evaluation,
      context,
      confirmations: own ? (data.confirmations ?? []) : [],
      uid,
      findingsFor: (field, row = null, column = null) => {
        const path = [field, row, column].filter((part) => part !== null);
        const left = seen.checked || seen.left.has(key([id, ...path]));
        const noticed = left ? (parts.noticed?.(definition, store, path, i18n) ?? []) : [];
        return [...shownFindings(evaluation, seen, id, { field, row, column }), ...noticed];
      },
      leave: (path) => parts.leave([id, ...path]),
      message: (finding) => sentence(finding, definition, i18n),
      announce: parts.announce,
      api: parts.api,
      link: (workbook, field) => pageAddress(data, workbook, field),
    };
  }
  return result;
}

/** The contexts of what a page shows to be filled in: its own workbook and embedded sections. */
export function shownHere(ctx: Ctx, all: Record<string, Ctx>): Ctx[] {
  const embedded = ctx.definition.sections.flatMap((section) => section.embed?.split("/")[0] ?? []);
  const others = [...new Set(embedded)].flatMap((id) => all[id] ?? []);
  return [ctx, ...others];
}

export { key };

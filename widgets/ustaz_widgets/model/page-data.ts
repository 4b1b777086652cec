/** What the page carries in `#ustaz-data`, and what `GET …/page` of the API answers. */
import type {
  Confirmation,
  Definition,
  Document,
  Evaluation,
  Messages,
  Mode,
  Round,
  RuleContext,
} from "./types";

export interface Linked {
  definition: Definition;
  document: Document;
}
/** Everything a host may hand over; what is missing is fetched from `api`. */
export interface PageData {
  api: string;
  /** The service's own address, when `api` leads there through another server. */
  keeper?: string;
  workbook: string;
  lang: string;
  mode?: Mode;
  /** Read another person's document (facilitator, staff). */
  about?: string | null;
  /** Who writes on this page; another than `about` types in for them. */
  writer?: string | null;
  xsrf_cookie?: string;
  /** The id of whoever the page was made for. */
  reader?: string;
  definition?: Definition;
  document?: Document;
  linked?: Record<string, Linked>;
  evaluation?: Evaluation;
  status?: unknown;
  rounds?: Round[];
  confirmations?: Confirmation[];
  context?: RuleContext;
  messages?: Messages;
  /** Parts of the messages that the page begins with (`shared/later.json`); else with all. */
  begins?: string;
  person?: { id?: string; name?: string };
  home?: string;
  languages?: string[];
  /** No native reader has signed off the words of `lang` yet. */
  draft?: boolean;
  /** Can it be submitted? A companion workbook travels with others. */
  assignment?: boolean;
  /** Where its writer shows something of it to others; absent where nothing can be shown. */
  share?: string | null;
  /** Show this section alone, without what stands around a workbook. */
  section?: string;
  /** Begins every id in it, where the workbook stands on a page more than once. */
  uid?: string;
  /** Stylesheet to bring along when a viewer mounts the component elsewhere. */
  css?: string;
}

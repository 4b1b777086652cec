/** Put a workbook into an element: the page, a viewer and the notebook all come through here. */
import { hydrate, render } from "preact";
import { reveal } from "../form/ids";
import { formOf } from "../form/kinds";
import { takeOver } from "../form/take-over";
import { someField } from "../model/definition";
import { createI18n } from "../model/i18n";
import type { PageData } from "../model/page-data";
import type { Document, Field } from "../model/types";
import { Api } from "../sync/api";
import type { StoreHost } from "../sync/host";
import { DocumentStore } from "../sync/store";
import { makeRequest, problemOf } from "../sync/transport";
import { App } from "./app";
import { uidHere } from "./context";
import { caretIn, prepare, putCaret, typedIn } from "./drawn";
import { IdPrefix } from "./ids";
import { complete, WordStore, wordsOf } from "./load";
import { loadKinds } from "./load-later";
import { mostPressing, problemWords } from "./save-state";
import "../plan/plan.css";
import "./page.css";
import "../form/kinds/kinds.css";

/** Until the words of a page that stands already are asked for again. */
const AGAIN_MS = 5000;

export interface Heard {
  event: "opened" | "saved";
  /** Of the answers, as the server has them. */
  revision: number;
  /** The person who is signed in. */
  reader: string;
}

export interface Mounted {
  destroy: () => void;
  setLang: (lang: string) => void;
}

export function mount(
  el: Element,
  source: PageData,
  whole = false,
  /** Called when the browser cannot run this. */
  fault: () => void = () => undefined,
  /** Called when the workbook has loaded, and each time the server acknowledged what was written. */
  heard: (event: Heard) => void = () => undefined,
  /** What stands in the place of the browser and of the server, where a workbook is only tried. */
  host: Partial<StoreHost> = {},
): Mounted {
  // A browser's translation replaces text nodes, and old words would stay before new ones.
  el.setAttribute("translate", "no");
  // What the server drew, so that nobody waits for this script: it is taken over with what was
  // typed meanwhile. Anything else stood there for as long as nothing was loaded.
  const drawn = el.querySelector<HTMLFormElement>("form#uz-form");
  if (!drawn) el.replaceChildren();
  const request =
    host.request ?? makeRequest(source.xsrf_cookie ?? "_xsrf", fetch, source.reader ?? null);
  const api = new Api(source.api, source.workbook, request, source.about ?? null, source.writer);
  const words = new WordStore(api);
  let stores: Record<string, DocumentStore> = {};
  let data: PageData | null = null;
  let lang = source.lang;
  let gone = false;

  const draw = (show: typeof render = render) => {
    if (gone || !data) return;
    for (const store of Object.values(stores)) store.lang = lang;
    const shown = words.at(lang);
    if (whole) {
      document.documentElement.lang = lang;
      const title = shown?.definitions[data.workbook]?.title;
      if (title) document.title = title;
    }
    show(
      <IdPrefix.Provider value={data.uid ?? ""}>
        <App
          data={data}
          api={api}
          stores={stores}
          words={words}
          lang={lang}
          onLang={(wanted) => {
            lang = wanted;
            draw();
          }}
          whole={whole}
        />
      </IdPrefix.Provider>,
      el,
    );
  };
  const tell = (own: DocumentStore | undefined, reader: string) => {
    if (!own) return;
    let count = own.acknowledged;
    own.subscribe(() => {
      if (own.acknowledged === count) return;
      count = own.acknowledged;
      heard({ event: "saved", revision: own.revision, reader });
    });
    heard({ event: "opened", revision: own.revision, reader });
  };
  const takeOverFrom = (form: HTMLFormElement, { workbook }: PageData) => {
    const known = words.at(lang);
    const typed = typedIn(form, known?.definitions ?? {}, workbook, lang);
    const caret = caretIn(el);
    // Elements are taken over as they are, by their order: where this browser keeps something that
    // the server does not have, they are not the same ones, and all is drawn anew.
    const alike = Object.values(stores).every(
      (store) => store.unsent.length + store.conflicts.length === 0,
    );
    if (alike) {
      const own = stores[workbook] as DocumentStore;
      prepare(el, form, mostPressing(Object.values(stores), own).state);
      takeOver.running = true;
      try {
        draw(hydrate);
      } finally {
        takeOver.running = false;
      }
    } else el.replaceChildren();
    for (const { workbook: of, change, label } of typed) stores[of]?.edit(change, label);
    draw();
    if (caret) putCaret(caret, (path) => reveal(uidHere(data as PageData), path));
  };
  const start = async () => {
    const i18n = createI18n(lang, source.messages ?? {});
    try {
      if (!drawn && (!wordsOf(source) || !source.document)) {
        render(<p class="uz-loading">{i18n.t("Loading…")}</p>, el);
      }
      data = await complete(source, api);
    } catch (error) {
      if (gone) return;
      if (drawn) {
        // The form stands and can be posted: nothing is said, and the script comes when it can.
        setTimeout(() => void start(), AGAIN_MS);
        return;
      }
      const { message, hint } = problemOf(error);
      const sentence = message ?? i18n.t("The workbook could not be loaded. Nothing is lost.");
      render(
        <div class="uz-page uz-notice" role="alert">
          <p>{sentence}</p>
          {hint ? <p>{hint}</p> : null}
          <button type="button" class="uz-button" onClick={() => void start()}>
            {i18n.t("Try again")}
          </button>
        </div>,
        el,
      );
      return;
    }
    if (gone) return;
    words.put(lang, wordsOf(data));
    const readonly = data.mode === "read";
    const { keeper } = data;
    const documents: [string, Document | undefined][] = [
      [data.workbook, data.document],
      ...Object.entries(data.linked ?? {}).map(
        ([id, part]) => [id, part.document] as [string, Document],
      ),
    ];
    const { writer } = data;
    stores = Object.fromEntries(
      documents
        .filter((pair): pair is [string, Document] => pair[1] !== undefined)
        .map(([id, document]) => [
          id,
          new DocumentStore({
            api: source.api,
            keeper,
            document,
            lang,
            readonly,
            by: writer,
            host: { ...host, request },
          }),
        ]),
    );
    tell(stores[data.workbook], data.reader ?? "");
    if (drawn) {
      // Elements that only a later part of this script draws are taken over with it.
      const waits = (field: Field) => formOf(field).late?.() === true;
      if (someField(words.at(lang)?.definitions ?? {}, waits)) {
        await loadKinds().catch(() => undefined);
      }
      if (gone) return;
      takeOverFrom(drawn, data);
    } else draw();
    // An address may name a field: what is being referred to is shown.
    if (whole && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  };
  void start().catch((error) => {
    fault();
    throw error;
  });

  return {
    destroy() {
      gone = true;
      for (const store of Object.values(stores)) store.destroy();
      render(null, el);
    },
    setLang(wanted) {
      void words
        .load(wanted)
        .then(() => {
          lang = wanted;
          draw();
        })
        .catch(() => undefined);
    },
  };
}

export { problemWords };

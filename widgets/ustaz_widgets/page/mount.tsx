/** Put a workbook into an element: the page, a viewer and the notebook all come through here. */
import { render } from "preact";
import { createI18n } from "../model/i18n";
import type { PageData } from "../model/page-data";
import type { Document } from "../model/types";
import { Api } from "../sync/api";
import { DocumentStore } from "../sync/store";
import { makeRequest, problemOf } from "../sync/transport";
import { App } from "./app";
import { complete, WordStore, wordsOf } from "./load";
import { problemWords } from "./save-state";
import "../plan/plan";
import "./page.css";
import "../form/kinds/kinds.css";

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
): Mounted {
  // A browser's translation replaces text nodes, and old words would stay before new ones.
  el.setAttribute("translate", "no");
  el.replaceChildren(); // what the server put there for as long as nothing was loaded
  const request = makeRequest(source.xsrf_cookie ?? "_xsrf", fetch, source.reader ?? null);
  const api = new Api(source.api, source.workbook, request, source.about ?? null, source.writer);
  const words = new WordStore(api);
  let stores: Record<string, DocumentStore> = {};
  let data: PageData | null = null;
  let lang = source.lang;
  let gone = false;

  const draw = () => {
    if (gone || !data) return;
    for (const store of Object.values(stores)) store.lang = lang;
    const shown = words.at(lang);
    if (whole) {
      document.documentElement.lang = lang;
      const title = shown?.definitions[data.workbook]?.title;
      if (title) document.title = title;
    }
    render(
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
      />,
      el,
    );
  };
  const start = async () => {
    const i18n = createI18n(lang, source.messages ?? {});
    try {
      if (!wordsOf(source) || !source.document) {
        render(<p class="uz-loading">{i18n.t("Loading…")}</p>, el);
      }
      data = await complete(source, api);
    } catch (error) {
      if (gone) return;
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
            host: { request },
          }),
        ]),
    );
    draw();
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

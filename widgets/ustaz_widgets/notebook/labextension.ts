/**
 * The workbook in JupyterLab and Notebook, without a kernel.
 *
 * A federated extension written by hand: it needs nothing of Lab's shared modules, only three
 * documented things of the application (`docRegistry.addWidgetExtension`, a notebook's `context`
 * and its metadata), so a new minor version of Lab has little to break. It lays the component
 * over the notebook of a workbook. No cell is run, no saved output is shown, nothing of the file
 * is believed but the name of the workbook.
 */
import { createI18n } from "../model/i18n";
import { mount } from "../page/viewer";
import {
  AWAY,
  apiUrl,
  baseUrl,
  behind,
  courseOf,
  type Me,
  messagesFor,
  type Place,
  pageUrl,
  place,
  whoAmI,
} from "./host";
import type { Scope } from "./lab-modules";
import { workbench } from "./lab-workbench";
import { addTheme } from "./theme";

interface NotebookModel {
  getMetadata?: (key: string) => unknown;
  metadata?: { get?: (key: string) => unknown };
  dirty?: boolean;
  stateChanged?: Signal<[NotebookModel, { name: string; newValue: unknown }]>;
}
interface Signal<T extends unknown[]> {
  connect: (slot: (...args: T) => void) => void;
  disconnect: (slot: (...args: T) => void) => void;
}
interface Panel {
  node: HTMLElement;
  content: { node: HTMLElement; model: NotebookModel | null };
  disposed: { connect: (slot: () => void) => void };
}
interface Context {
  path: string;
  ready: Promise<void>;
}
interface App {
  docRegistry: {
    addWidgetExtension: (
      factory: string,
      extension: {
        createNew: (panel: Panel, context: Context) => { isDisposed: boolean; dispose: () => void };
      },
    ) => unknown;
  };
}

const STYLE = `
.uz-lab-host { position: absolute; inset: 0; z-index: 20; display: flex; flex-direction: column;
  background: var(--jp-layout-color1, #fff); }
.uz-lab-host[hidden] { display: none; }
.uz-lab-bar { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .35rem .75rem;
  background: var(--jp-layout-color2, #eee); color: var(--jp-ui-font-color1, #222); font: 14px/1.4 system-ui, sans-serif; }
.uz-lab-bar a { color: inherit; font-weight: 600; }
.uz-lab-bar button { font: inherit; padding: .2rem .7rem; cursor: pointer; }
.uz-lab-body { flex: 1; min-height: 0; overflow: auto; position: relative; }
.uz-lab-back { position: absolute; inset-block-start: 2.6rem; inset-inline-end: 1rem; z-index: 20; font: 14px/1.4 system-ui, sans-serif;
  padding: .3rem .8rem; cursor: pointer; }
.uz-lab-back[hidden] { display: none; }
.uz-lab-preview { overflow: auto; padding: .5rem 1rem 2rem; background: var(--jp-layout-color1, #fff); color: var(--jp-content-font-color1, #222); }
`;

function addStyle(): void {
  addTheme();
  if (document.getElementById("uz-lab-style")) return;
  const style = document.createElement("style");
  style.id = "uz-lab-style";
  style.textContent = STYLE;
  document.head.append(style);
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  cls: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const created = document.createElement(name);
  if (cls) created.className = cls;
  if (text) created.textContent = text;
  return created;
}

/**
 * Take everything else of a panel out of the order of the keyboard and out of what is heard: the
 * notebook's code and the markers' rubric lie below the workbook. Returns what brings it back.
 */
function quiet(
  panel: Panel,
  ...shown: Element[]
): { set: (quiet: boolean) => void; stop: () => void } {
  let on = true;
  const look = () => {
    for (const child of panel.node.children) {
      if (!shown.includes(child)) child.toggleAttribute("inert", on);
    }
  };
  // Lab adds parts of a panel when it likes.
  const watch = new MutationObserver(look);
  watch.observe(panel.node, { childList: true });
  look();
  const set = (quiet: boolean) => {
    on = quiet;
    look();
  };
  return {
    set,
    stop: () => {
      watch.disconnect();
      set(false);
    },
  };
}

/** How often a course that does not answer is asked again. */
const AGAIN = 3_000;

/** Lay a sentence over a notebook whose course does not answer: its cells are nobody's business. */
function waiting(panel: Panel, sentence: string): () => void {
  addStyle();
  const host = element("div", "uz-lab-host");
  const line = element("p", "uz-lab-bar", sentence);
  line.setAttribute("role", "status");
  host.append(line);
  panel.node.append(host);
  const below = quiet(panel, host);
  return () => {
    host.remove();
    below.stop();
  };
}

/** Lay the workbook over a notebook; returns what takes it away again. */
async function cover(
  panel: Panel,
  found: Place,
  me: Me,
  base: string,
  course: string | null,
): Promise<() => void> {
  const api = apiUrl(base, course);
  const { t } = createI18n(me.lang, await messagesFor(api, me.lang));
  addStyle();
  const host = element("div", "uz-lab-host");
  host.lang = me.lang;
  // Lab's one-letter shortcuts (dd, a, x) must not reach a list box or a button in here.
  host.dataset.lmSuppressShortcuts = "true";
  host.setAttribute("role", "region");
  host.setAttribute("aria-label", t("Workbook"));
  const bar = element("div", "uz-lab-bar");
  bar.append(
    element("span", "", t("This is your workbook. It opens faster, and on a phone, as a page:")),
  );
  const link = element("a", "", t("Open the page"));
  link.href = pageUrl(base, found.workbook, course);
  link.target = "_blank";
  link.rel = "noopener";
  bar.append(link);
  let below: ReturnType<typeof quiet> | null = null;
  const back = element("button", "uz-lab-back", t("Back to the workbook"));
  back.type = "button";
  back.hidden = true;
  if (me.roles.some((role) => role === "staff" || role === "operator" || role === "facilitator")) {
    const show = element("button", "", t("Show the notebook"));
    show.type = "button";
    const turn = (cells: boolean) => {
      host.hidden = cells;
      back.hidden = !cells;
      below?.set(!cells);
      (cells ? back : show).focus();
    };
    show.addEventListener("click", () => turn(true));
    back.addEventListener("click", () => turn(false));
    bar.append(show);
  }
  const body = element("div", "uz-lab-body uz-lab-view");
  host.append(bar, body);
  panel.node.append(host, back);
  below = quiet(panel, host, back);
  const other = found.owner && found.owner !== me.person ? found.owner : null;
  const view = mount(body, {
    api,
    workbook: found.workbook,
    lang: me.lang,
    mode: other ? "read" : "edit",
    about: other,
    css: `${base}ustaz/static/workbook.css`,
  });
  // The kernel that Lab starts writes its version into the notebook; nobody changed anything, so
  // nobody should be asked about unsaved changes on leaving.
  const model = panel.content.model;
  const clean = (_: NotebookModel, change: { name: string; newValue: unknown }) => {
    if (model && change.name === "dirty" && change.newValue === true && !host.hidden) {
      model.dirty = false;
    }
  };
  if (model?.dirty) model.dirty = false;
  model?.stateChanged?.connect(clean);
  return () => {
    model?.stateChanged?.disconnect(clean);
    view.destroy();
    host.remove();
    back.remove();
    below?.stop();
  };
}

class WorkbookExtension {
  createNew(panel: Panel, context: Context): { isDisposed: boolean; dispose: () => void } {
    let undo: (() => void) | null = null;
    const handle = {
      isDisposed: false,
      dispose: () => {
        handle.isDisposed = true;
        undo?.();
        undo = null;
      },
    };
    panel.disposed.connect(handle.dispose);
    void this.start(panel, context, () => handle.isDisposed).then((uncover) => {
      if (handle.isDisposed) uncover?.();
      else undo = uncover;
    });
    return handle;
  }

  private async start(
    panel: Panel,
    context: Context,
    gone: () => boolean,
  ): Promise<(() => void) | null> {
    await context.ready;
    const model = panel.content.model;
    const metadata = model?.getMetadata?.("ustaz") ?? model?.metadata?.get?.("ustaz");
    const shown = place(metadata, context.path);
    if (!shown || gone()) return null;
    const base = baseUrl();
    const { courses, away } = behind();
    const course = courseOf(context.path, courses);
    const api = apiUrl(base, course);
    let me = await whoAmI(api);
    if (me === AWAY && courses.length > 0) {
      const uncover = waiting(panel, away);
      while (me === AWAY && !gone()) {
        await new Promise((done) => setTimeout(done, AGAIN));
        me = await whoAmI(api);
      }
      uncover();
    }
    return me && me !== AWAY && !gone() ? cover(panel, shown, me, base, course) : null;
  }
}

export const plugin = {
  id: "ustaz:notebook",
  description: "Shows a workbook's notebook as the workbook itself, without a kernel.",
  autoStart: true,
  activate: (app: App): void => {
    app.docRegistry.addWidgetExtension("Notebook", new WorkbookExtension());
  },
};

/** The container that JupyterLab loads: it hands in its modules, and gets our plugins. */
let modules: Scope = {};
const container = {
  init: (scope?: Scope): void => {
    modules = scope ?? {};
  },
  get: async (name: string): Promise<() => unknown> => {
    if (name !== "./extension") throw new Error(`Module "${name}" does not exist in container.`);
    addStyle();
    const plugins = [plugin, await workbench(modules)];
    return () => ({ __esModule: true, default: plugins });
  },
};
const scope = globalThis as { _JUPYTERLAB?: Record<string, unknown> };
scope._JUPYTERLAB = { ...scope._JUPYTERLAB, ustaz: container };

/**
 * The preview of a `workbook.yml` in a tab of JupyterLab, without a kernel: the server that Lab runs
 * on reads the file, and the same view shows it as in the output of a cell.
 */
import type { Messages } from "../model/types";
import { type Model, parts } from "./host";
import type {
  Docregistry,
  DocumentContext,
  DocumentPanel,
  LabApp,
  LuminoWidgets,
  UiComponents,
} from "./lab-modules";
import { render } from "./preview";
import { addTheme } from "./theme";

export const FACTORY = "Workbook preview";
export const FILE_TYPE = "ustaz-workbook";
const FILE = "workbook.yml";

export const isDefinition = (path: string): boolean => parts(path).at(-1) === FILE;

export interface Words {
  lang: string;
  messages: Messages;
  t: (text: string, params?: Record<string, string>) => string;
}

/** What the view takes for a kernel: it asks the server instead. */
export class FileModel implements Model {
  private values: Record<string, unknown> = { page: {}, complaints: [] };
  private readonly listeners = new Map<string, Set<() => void>>();
  private stamp = "";
  private asking = false;

  constructor(
    private readonly address: (known: string) => string,
    private readonly words: () => Words,
  ) {}

  get = (name: string): unknown => (name === "spoken" ? this.words() : this.values[name]);
  on = (event: string, listener: () => void): void => {
    const known = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, known.add(listener));
  };
  off = (event: string, listener: () => void): void => {
    this.listeners.get(event)?.delete(listener);
  };
  send = (): void => {
    void this.look();
  };

  async look(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const answer = await fetch(this.address(this.stamp), { credentials: "same-origin" });
      // A server that is away, or a file between two savings: the view stays as it is.
      if (answer.status !== 200) return;
      const read = (await answer.json()) as { stamp: string; page: unknown; complaints: unknown };
      this.stamp = read.stamp;
      if (read.page) this.change("page", read.page);
      this.change("complaints", read.complaints);
    } catch {
      // as above
    } finally {
      this.asking = false;
    }
  }

  private change(name: string, value: unknown): void {
    this.values = { ...this.values, [name]: value };
    for (const listener of this.listeners.get(`change:${name}`) ?? []) listener();
  }
}

function addStyle(base: string): void {
  addTheme();
  if (document.getElementById("uz-lab-preview-style")) return;
  const link = document.createElement("link");
  link.id = "uz-lab-preview-style";
  link.rel = "stylesheet";
  link.href = `${base}ustaz-lab/preview.css`;
  document.head.append(link);
}

/** Let Lab open a `workbook.yml` as its preview, and offer it where one is open in the editor. */
export function offerPreview(
  app: LabApp,
  base: string,
  words: () => Words,
  icon: unknown,
  modules: { docregistry: Docregistry; widgets: LuminoWidgets; ui: UiComponents },
  show: (path: string) => void,
  spoken: Promise<void>,
): void {
  const { docregistry, widgets, ui } = modules;
  class PreviewFactory extends docregistry.ABCWidgetFactory {
    override createNewWidget = (context: DocumentContext): DocumentPanel => {
      const content = new widgets.Widget();
      content.addClass("uz-lab-preview");
      const panel = new docregistry.DocumentWidget({ content, context });
      // Only its icon is ours: Lab takes another title for another name of the file.
      panel.title.icon = icon;
      const address = (known: string) => {
        const query = new URLSearchParams({ path: parts(context.path).join("/"), known });
        return `${base}ustaz-lab/preview?${query}`;
      };
      const model = new FileModel(address, words);
      addStyle(base);
      const place = document.createElement("div");
      content.node.append(place);
      const close = render({ model, el: place });
      const look = () => model.send();
      context.fileChanged.connect(look);
      panel.disposed.connect(() => {
        context.fileChanged.disconnect(look);
        close();
      });
      void context.ready.then(look);
      return panel;
    };
  }
  app.docRegistry.addFileType({
    name: FILE_TYPE,
    displayName: "Workbook",
    pattern: "^workbook\\.yml$",
    mimeTypes: ["text/x-yaml"],
    fileFormat: "text",
    contentType: "file",
    icon,
  });
  const factory = new PreviewFactory({
    name: FACTORY,
    modelName: "text",
    fileTypes: [FILE_TYPE],
    readOnly: true,
  });
  // Lab asks for it each time it opens its menu; our words come later than this.
  const label = () => words().t("Preview of the workbook");
  Object.defineProperty(factory, "label", { get: label });
  app.docRegistry.addWidgetFactory(factory);
  app.docRegistry.addWidgetExtension("Editor", {
    createNew: (panel: DocumentPanel, context: DocumentContext) => {
      if (!isDefinition(context.path)) return;
      void spoken.then(() => {
        if (!panel.isDisposed) offer(panel, context);
      });
    },
  });
  const offer = (panel: DocumentPanel, context: DocumentContext) => {
    const button = new ui.ToolbarButton({
      label: words().t("Preview"),
      icon,
      tooltip: words().t("Show this workbook as its writers will see it"),
      onClick: () => show(context.path),
    });
    panel.toolbar.insertItem(0, "ustaz-preview", button);
  };
}

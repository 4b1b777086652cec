/**
 * JupyterLab's own modules, as our extension finds them, and as much of their types as it uses.
 *
 * Lab keeps its modules in a scope that it hands to every extension; a module is one object for all
 * of them, so that a token of ours is Lab's own. Nothing of Lab is in our bundle, and a module that
 * a version of Lab does not have is a feature less, never an error.
 */
interface Shared {
  get: () => Promise<() => unknown>;
  loaded?: unknown;
}
export type Scope = Record<string, Record<string, Shared> | undefined>;

/** The version that Lab's own loader would take: one that is loaded, else the newest. */
export function versionOf(versions: Record<string, Shared>): string | undefined {
  const known = Object.keys(versions);
  const loaded = known.find((version) => versions[version]?.loaded);
  const numbers = (version: string) => version.split(/[.-]/).map((part) => Number(part) || 0);
  const newer = (a: string, b: string) => {
    const [left, right] = [numbers(a), numbers(b)];
    const at = left.findIndex((part, index) => part !== (right[index] ?? 0));
    return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
  };
  return loaded ?? known.sort(newer).at(-1);
}

/** A module of Lab; `null` where this Lab has none of that name. */
export async function moduleOf<T>(scope: Scope, name: string): Promise<T | null> {
  const versions = scope[name];
  const version = versions && versionOf(versions);
  if (!version) return null;
  try {
    const factory = await versions[version]?.get();
    return (factory?.() as T | undefined) ?? null;
  } catch {
    return null;
  }
}

export interface Signal {
  connect: (slot: (...args: never[]) => void) => void;
  disconnect: (slot: (...args: never[]) => void) => void;
}
export interface Widget {
  id: string;
  node: HTMLElement;
  title: { label: string; icon?: unknown; caption?: string };
  isDisposed: boolean;
  disposed: Signal;
  dispose: () => void;
  addClass: (name: string) => void;
}
export interface DocumentContext {
  path: string;
  ready: Promise<void>;
  fileChanged: Signal;
}
export interface DocumentPanel extends Widget {
  context?: DocumentContext;
  toolbar: { insertItem: (index: number, name: string, widget: Widget) => boolean };
}
export interface CommandOptions {
  label: () => string;
  caption?: () => string;
  icon?: unknown;
  isVisible?: () => boolean;
  execute: (args: Record<string, unknown>) => unknown;
}
export interface Contents {
  get: (path: string, options?: { content: boolean }) => Promise<ContentsEntry>;
  save: (path: string, entry: Record<string, unknown>) => Promise<ContentsEntry>;
}
export interface ContentsEntry {
  name: string;
  path: string;
  type: string;
  content?: ContentsEntry[];
}
export interface LabApp {
  commands: {
    addCommand: (id: string, options: CommandOptions) => unknown;
    execute: (id: string, args?: Record<string, unknown>) => Promise<unknown>;
    hasCommand: (id: string) => boolean;
    notifyCommandChanged: (id?: string) => void;
  };
  contextMenu?: { addItem: (entry: Record<string, unknown>) => unknown };
  docRegistry: {
    addWidgetExtension: (factory: string, extension: unknown) => unknown;
    addWidgetFactory: (factory: unknown) => unknown;
    addFileType: (type: Record<string, unknown>) => unknown;
  };
  serviceManager: { contents: Contents };
  shell: { currentWidget: Widget | null; widgets: (area?: string) => Iterable<Widget> };
}
/** `@jupyterlab/launcher`. */
export interface LauncherModule {
  ILauncher: unknown;
}
export interface Launcher {
  add: (card: { command: string; category: string; rank: number }) => unknown;
}
/** `@jupyterlab/apputils`. */
export interface Apputils {
  ICommandPalette: unknown;
  Dialog: {
    okButton: (options: { label: string }) => unknown;
  };
  showDialog: (options: { title: string; body: string; buttons: unknown[] }) => Promise<unknown>;
  InputDialog: {
    getItem: (options: Record<string, unknown>) => Promise<{ value: string | null }>;
  };
}
export interface Palette {
  addItem: (entry: { command: string; category: string; rank?: number }) => unknown;
}
/** `@jupyterlab/filebrowser`. */
export interface FilebrowserModule {
  IDefaultFileBrowser?: unknown;
}
export interface FileBrowser {
  model: { path: string };
  selectedItems: () => Iterable<ContentsEntry>;
}
/** `@jupyterlab/mainmenu`. */
export interface MainmenuModule {
  IMainMenu: unknown;
}
export interface MainMenu {
  fileMenu: { addGroup: (items: { command: string }[], rank?: number) => unknown };
}
/** `@jupyterlab/translation`. */
export interface TranslationModule {
  ITranslator: unknown;
}
export interface Translator {
  languageCode?: string;
}
/** `@jupyterlab/ui-components`. */
export interface UiComponents {
  LabIcon: new (options: { name: string; svgstr: string }) => unknown;
  ToolbarButton: new (options: {
    label: string;
    icon: unknown;
    tooltip: string;
    onClick: () => void;
  }) => Widget;
}
/** `@jupyterlab/docregistry`. */
export interface Docregistry {
  ABCWidgetFactory: new (
    options: Record<string, unknown>,
  ) => {
    createNewWidget: (context: DocumentContext) => Widget;
  };
  DocumentWidget: new (options: { content: Widget; context: DocumentContext }) => DocumentPanel;
}
/** `@lumino/widgets`. */
export interface LuminoWidgets {
  Widget: new () => Widget;
}

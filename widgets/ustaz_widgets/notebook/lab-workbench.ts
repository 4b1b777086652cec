/**
 * Our cards in JupyterLab's launcher, and the same commands in its palette and menus: "My workbooks",
 * "My group", "New workbook", "Preview". What is missing for one of them is said in words.
 */
import { createI18n } from "../model/i18n";
import type { Messages } from "../model/types";
import { problemOf } from "../sync/transport";
import { apiUrl, baseUrl, behind, config, courseOf, type Me, parts, reach } from "./host";
import { ICONS } from "./lab-icons";
import {
  type Apputils,
  type Contents,
  type ContentsEntry,
  type Docregistry,
  type DocumentPanel,
  type FileBrowser,
  type FilebrowserModule,
  type LabApp,
  type Launcher,
  type LauncherModule,
  type LuminoWidgets,
  type MainMenu,
  type MainmenuModule,
  moduleOf,
  type Palette,
  type Scope,
  type TranslationModule,
  type Translator,
  type UiComponents,
} from "./lab-modules";
import { FACTORY, FILE_TYPE, isDefinition, offerPreview, type Words } from "./lab-preview";

const CATEGORY = "Ustaz";
const LANGUAGES: Record<string, string> = { kk: "Қазақша", ru: "Русский", en: "English" };
const MINE = "ustaz:my-workbooks";
const GROUP = "ustaz:my-group";
const COURSE = "ustaz:the-course";
const BEGIN = "ustaz:new-workbook";
const PREVIEW = "ustaz:preview";
/** Who reads a group in tables. */
const READERS = new Set(["facilitator", "staff", "operator"]);
/** Who reads a whole course in tables. */
const STAFF = new Set(["staff", "operator"]);

const has = (me: Me | null, roles: ReadonlySet<string>): boolean =>
  me?.roles.some((role) => roles.has(role)) ?? false;

/** A course that this server reaches, as the person sees it. */
interface Reached {
  course: string | null;
  me: Me | null;
}

/**
 * The language of our commands: the one that somebody chose in Lab where it is one of ours, else the
 * person's own, else the browser's. Lab itself speaks no Kazakh, so a person's own one counts there.
 */
export function languageOf(lab: string, me: Me | null, browser: readonly string[]): string {
  const short = (tag: string) => tag.toLowerCase().split(/[-_]/)[0] ?? "";
  const chosen = short(lab);
  if (chosen !== "en" && chosen in LANGUAGES) return chosen;
  return me?.lang || (browser.map(short).find((tag) => tag in LANGUAGES) ?? "en");
}

/** Which courses answer, and as whom: of a hub each of the person's, else the server's own. */
async function reached(base: string): Promise<{ courses: Reached[]; away: boolean }> {
  const { courses } = behind();
  const asked = courses.length > 0 ? courses : [null];
  let away = false;
  const answered: Reached[] = [];
  for (const course of asked) {
    const answer = await reach(apiUrl(base, course));
    if (answer.state === "away") away = true;
    if (answer.state === "here") answered.push({ course, me: answer.me });
  }
  return { courses: answered, away };
}

async function json<T>(address: string): Promise<T> {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as T;
}

async function wordsFor(base: string, lang: string): Promise<Messages> {
  if (lang === "en") return {};
  return await json<Messages>(`${base}ustaz-lab/messages/${lang}`).catch(() => ({}));
}

const exists = (contents: Contents, path: string): Promise<boolean> =>
  contents.get(path, { content: false }).then(
    () => true,
    () => false,
  );

interface Parts {
  apputils: Apputils | null;
  ui: UiComponents | null;
  docregistry: Docregistry | null;
  widgets: LuminoWidgets | null;
}

class Workbench {
  private words: Words = { lang: "en", messages: {}, t: createI18n("en", {}).t };
  private readonly base = baseUrl();
  private courses: Reached[] = [];
  private away = false;
  private said: () => void = () => undefined;
  /** When the words of the reader's language have come. */
  private readonly spoken = new Promise<void>((resolve) => {
    this.said = resolve;
  });
  /** Notebook opens each document in a tab of the browser: two at once would be blocked. */
  private readonly onePage = typeof config(document).notebookPage === "string";

  constructor(
    private readonly app: LabApp,
    private readonly modules: Parts,
    private readonly browser: FileBrowser | null,
    private readonly lab: Translator | null,
  ) {}

  // -- what is known ----------------------------------------------------------------------------
  private async learn(): Promise<void> {
    ({ courses: this.courses, away: this.away } = await reached(this.base));
  }

  private async speak(): Promise<void> {
    const me = this.courses.find((course) => course.me)?.me ?? null;
    const lang = languageOf(this.lab?.languageCode ?? "", me, navigator.languages);
    const messages = await wordsFor(this.base, lang);
    this.words = { lang, messages, t: createI18n(lang, messages).t };
    this.said();
  }

  /** Whether somebody is known who does nothing but take part: no author, and no facilitator. */
  private get takesPart(): boolean {
    const known = this.courses.flatMap((course) => (course.me ? [course.me] : []));
    return known.length > 0 && !known.some((me) => has(me, READERS));
  }

  private icon(name: keyof typeof ICONS): unknown {
    const Icon = this.modules.ui?.LabIcon;
    return Icon ? new Icon({ name: `ustaz:${name}`, svgstr: ICONS[name] }) : undefined;
  }

  /** What has to be there before Lab opens its first document; its words may come later. */
  offer(): void {
    const { docregistry, widgets, ui } = this.modules;
    if (!docregistry || !widgets || !ui) return;
    const show = (path: string) => void this.show(path);
    const modules = { docregistry, widgets, ui };
    const words = () => this.words;
    offerPreview(this.app, this.base, words, this.icon("preview"), modules, show, this.spoken);
  }

  async start(launcher: Launcher | null, palette: Palette | null, menu: MainMenu | null) {
    await this.learn();
    await this.speak();
    const { t } = this.words;
    const add = (
      id: string,
      label: string,
      caption: string,
      picture: unknown,
      execute: (args: Record<string, unknown>) => Promise<void>,
    ) =>
      this.app.commands.addCommand(id, {
        label: () => label,
        caption: () => caption,
        icon: picture,
        execute: (args) => execute(args).catch(() => this.failed()),
      });
    add(MINE, t("My workbooks"), t("Open the list of your workbooks"), this.icon("workbooks"), () =>
      this.mine(),
    );
    add(GROUP, t("My group"), t("How far your group is, in a notebook"), this.icon("group"), () =>
      this.group(),
    );
    add(
      COURSE,
      t("The course in numbers"),
      t("How far groups and schools are and who may need help, in a notebook"),
      this.icon("group"),
      () => this.course(),
    );
    add(
      BEGIN,
      t("New workbook"),
      t("Begin a workbook of your own, with its preview beside it"),
      this.icon("begin"),
      () => this.begin(),
    );
    add(
      PREVIEW,
      t("Preview"),
      t("Show a workbook as its writers will see it"),
      this.icon("preview"),
      (args) => this.preview(args),
    );
    // Somebody who takes part has no group to look at and builds no workbooks.
    const staff = this.courses.some(({ me }) => has(me, STAFF));
    const further = staff ? [GROUP, COURSE, BEGIN, PREVIEW] : [GROUP, BEGIN, PREVIEW];
    const ids = this.takesPart ? [MINE] : [MINE, ...further];
    ids.forEach((command, rank) => {
      launcher?.add({ command, category: CATEGORY, rank });
      palette?.addItem({ command, category: CATEGORY, rank });
    });
    menu?.fileMenu.addGroup(
      ids.map((command) => ({ command })),
      1.5,
    );
    this.app.contextMenu?.addItem({
      command: PREVIEW,
      selector: `.jp-DirListing-item[data-file-type="${FILE_TYPE}"]`,
      rank: 2,
    });
  }

  // -- saying it --------------------------------------------------------------------------------
  private async say(title: string, body: string): Promise<void> {
    const { apputils } = this.modules;
    if (!apputils) return window.alert(body);
    const buttons = [apputils.Dialog.okButton({ label: this.words.t("Close") })];
    await apputils.showDialog({ title, body, buttons });
  }

  private failed(): Promise<void> {
    const { t } = this.words;
    return this.say(
      t("It did not work"),
      t("The server did not answer as expected. Nothing was changed; try again in a moment."),
    );
  }

  private async ask(title: string, items: string[], current: number): Promise<string | null> {
    const { apputils } = this.modules;
    if (!apputils) return items[current] ?? null;
    const { t } = this.words;
    const { value } = await apputils.InputDialog.getItem({
      title,
      items,
      current,
      okLabel: t("Go on"),
      cancelLabel: t("Cancel"),
    });
    return value;
  }

  /** The courses that answer just now; an empty list after it was said why there is none. */
  private async known(title: string): Promise<Reached[]> {
    await this.learn();
    if (this.courses.length > 0) return this.courses;
    const { t } = this.words;
    await this.say(
      title,
      this.away
        ? t("The course does not answer just now. Nothing is lost; try again in a moment.")
        : t(
            "There is no course in reach of this JupyterLab. Open it from your home page, or start it in the folder of a course.",
          ),
    );
    return [];
  }

  /** The course whose folder is open, or the only one; else the one that is chosen. */
  private async chosen(title: string, courses: Reached[]): Promise<Reached | null> {
    const ids = courses.flatMap(({ course }) => (course ? [course] : []));
    const open = courseOf(this.browser?.model.path ?? "", ids);
    const fits = courses.find(({ course }) => course === open && open !== null);
    if (fits || courses.length < 2) return fits ?? courses[0] ?? null;
    const id = await this.ask(title, ids, 0);
    return courses.find(({ course }) => course === id) ?? null;
  }

  // -- the cards --------------------------------------------------------------------------------
  private async mine(): Promise<void> {
    const title = this.words.t("My workbooks");
    const courses = await this.known(title);
    const place = courses.length > 0 ? await this.chosen(title, courses) : null;
    if (!place) return;
    const address = `${this.base}ustaz/${place.course ? `${place.course}/` : ""}`;
    window.open(address, "_blank", "noopener");
  }

  private async group(): Promise<void> {
    const { t } = this.words;
    await this.ready(
      "my-group",
      t("My group"),
      READERS,
      t(
        "A group is opened by its facilitator and by course staff. Your own pages are in “My workbooks”.",
      ),
    );
  }

  private async course(): Promise<void> {
    const { t } = this.words;
    const refusal = t(
      "The whole course is opened by course staff. Your own pages are in “My workbooks”.",
    );
    await this.ready("the-course", t("The course in numbers"), STAFF, refusal);
  }

  /** Open a ready notebook, made in the person's own folder when it is not there yet. */
  private async ready(
    name: string,
    title: string,
    readers: ReadonlySet<string>,
    refusal: string,
  ): Promise<void> {
    const { t, lang } = this.words;
    const courses = await this.known(title);
    if (courses.length === 0) return;
    const reading = courses.filter(({ me }) => has(me, readers));
    if (reading.length === 0) {
      const nobody = courses.every(({ me }) => me === null);
      const unknown = t("Nobody is signed in to the course yet. Open “My workbooks” first.");
      return this.say(title, nobody ? unknown : refusal);
    }
    const place = await this.chosen(title, reading);
    if (!place) return;
    const { contents } = this.app.serviceManager;
    const path = `${await this.folder(place)}${name}.ipynb`;
    if (!(await exists(contents, path))) {
      const content = await json(`${this.base}ustaz-lab/notebooks/${name}?lang=${lang}`);
      await contents.save(path, { type: "notebook", format: "json", content });
    }
    await this.app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  }

  /** Where a notebook of a person lies: the course's folder at a hub, the person's in a course. */
  private async folder({ course, me }: Reached): Promise<string> {
    const { contents } = this.app.serviceManager;
    if (course) {
      if (!(await exists(contents, course))) await contents.save(course, { type: "directory" });
      return `${course}/`;
    }
    if (!me || !(await exists(contents, "people"))) return "";
    const own = `people/${me.person}`;
    if (!(await exists(contents, own))) await contents.save(own, { type: "directory" });
    return `${own}/`;
  }

  private async begin(): Promise<void> {
    const { t, lang } = this.words;
    const names = Object.values(LANGUAGES);
    const current = Object.keys(LANGUAGES).indexOf(lang);
    const name = await this.ask(t("In which language do you write it?"), names, current);
    const language = Object.keys(LANGUAGES).find((key) => LANGUAGES[key] === name);
    if (!language) return;
    const { contents } = this.app.serviceManager;
    const here = this.browser?.model.path ?? "";
    const top = here && !here.endsWith("/") && !here.endsWith(":") ? `${here}/` : here;
    let id = "my-workbook";
    for (let number = 2; await exists(contents, `${top}${id}`); number += 1) {
      id = `my-workbook-${number}`;
    }
    const { text } = await json<{ text: string }>(
      `${this.base}ustaz-lab/workbooks/${id}?lang=${language}`,
    );
    await contents.save(`${top}${id}`, { type: "directory" });
    const path = `${top}${id}/workbook.yml`;
    await contents.save(path, { type: "file", format: "text", content: text });
    const editor = await this.app.commands.execute("docmanager:open", { path, factory: "Editor" });
    if (!this.onePage) await this.show(path, (editor as DocumentPanel | undefined)?.id);
  }

  private async preview(args: Record<string, unknown>): Promise<void> {
    const path = typeof args.path === "string" ? args.path : await this.meant();
    if (path) return this.show(path);
    const { t } = this.words;
    await this.say(
      t("Preview"),
      t(
        "No workbook.yml is open or selected. Choose one in the list of files, or begin one with “New workbook”.",
      ),
    );
  }

  private async show(path: string, beside = this.app.shell.currentWidget?.id): Promise<void> {
    const options = beside ? { mode: "split-right", ref: beside } : {};
    await this.app.commands.execute("docmanager:open", { path, factory: FACTORY, options });
  }

  /** The `workbook.yml` that is selected, open, or alone in the folder; else one that is chosen. */
  private async meant(): Promise<string | null> {
    const selected = [...(this.browser?.selectedItems() ?? [])];
    const current = this.app.shell.currentWidget as DocumentPanel | null;
    const open = [current, ...(this.app.shell.widgets("main") as Iterable<DocumentPanel>)];
    const paths = [
      ...selected.map((entry) => entry.path),
      ...open.map((panel) => panel?.context?.path ?? ""),
    ];
    const path = paths.find(isDefinition);
    if (path) return path;
    const here = this.browser?.model.path ?? "";
    const folders = [...selected.filter(({ type }) => type === "directory"), { path: here }];
    const known: string[] = [];
    for (const folder of folders) {
      for (const entry of await this.listed(folder.path)) {
        if (isDefinition(entry.path)) return entry.path;
        if (entry.type === "directory") known.push(entry.path);
      }
    }
    const files: string[] = [];
    for (const folder of known) {
      const file = (await this.listed(folder)).find((entry) => isDefinition(entry.path));
      if (file) files.push(file.path);
    }
    if (files.length < 2) return files[0] ?? null;
    const names = files.map((file) => parts(file).at(-2) ?? file);
    const name = await this.ask(this.words.t("Which workbook?"), names, 0);
    return files[names.indexOf(name ?? "")] ?? null;
  }

  private async listed(path: string): Promise<ContentsEntry[]> {
    const entry = await this.app.serviceManager.contents
      .get(path, { content: true })
      .catch(() => null);
    return entry?.content ?? [];
  }
}

/** Make the plugin out of Lab's modules: its tokens have to be Lab's own. */
export async function workbench(scope: Scope): Promise<Record<string, unknown>> {
  const [launcher, apputils, browser, menu, translation, ui, docregistry, widgets] =
    await Promise.all([
      moduleOf<LauncherModule>(scope, "@jupyterlab/launcher"),
      moduleOf<Apputils>(scope, "@jupyterlab/apputils"),
      moduleOf<FilebrowserModule>(scope, "@jupyterlab/filebrowser"),
      moduleOf<MainmenuModule>(scope, "@jupyterlab/mainmenu"),
      moduleOf<TranslationModule>(scope, "@jupyterlab/translation"),
      moduleOf<UiComponents>(scope, "@jupyterlab/ui-components"),
      moduleOf<Docregistry>(scope, "@jupyterlab/docregistry"),
      moduleOf<LuminoWidgets>(scope, "@lumino/widgets"),
    ]);
  const tokens = [
    launcher?.ILauncher,
    apputils?.ICommandPalette,
    browser?.IDefaultFileBrowser,
    menu?.IMainMenu,
    translation?.ITranslator,
  ];
  const known = tokens.filter(Boolean);
  return {
    id: "ustaz:workbench",
    description: "Cards and commands for workbooks, and the preview of a workbook.yml.",
    autoStart: true,
    optional: known,
    activate: (app: LabApp, ...services: unknown[]): void => {
      const service = <T>(token: unknown): T | null =>
        token ? ((services[known.indexOf(token)] as T | null | undefined) ?? null) : null;
      const modules = { apputils, ui, docregistry, widgets };
      const bench = new Workbench(app, modules, service(tokens[2]), service(tokens[4]));
      bench.offer();
      // Lab does not wait for the course, and starts without us where something of it is missing.
      void bench
        .start(service(tokens[0]), service(tokens[1]), service(tokens[3]))
        .catch((error) => console.warn("ustaz: no cards:", problemOf(error).kind));
    },
  };
}

/**
 * The guard of the page before something is shown to others: it lists what may say who somebody is
 * in exactly what they would read, and masks it where its writer wants that. Nothing is sent but the
 * mask itself; without this script the page asks to read it once more.
 */
import { showControls } from "../form/user-text";
import { masked, type Notice, notices } from "../model/guard/guard";
import { createI18n } from "../model/i18n";
import { type Trail, textsIn, withText } from "../model/texts";
import type { I18n, Messages, Path } from "../model/types";
import { element } from "../sync/element";
import { makeRequest } from "../sync/transport";
import { around, kindWords, maskWords } from "./notice-words";

interface ShareData {
  api: string;
  workbook: string;
  revision: number;
  reader: string;
  lang: string;
  answers: Record<string, unknown>;
  /** What is written by hand, by `field` or `table.column`: its label. */
  labels: Record<string, string>;
  /** What other workbooks lend: the title, the address and the text. */
  lent: { title: string; url: string; text: string }[];
}

interface Place {
  where: string;
  text: string;
  notice: Notice;
  /** Absent for what another workbook lends: it is masked there. */
  at?: { path: Path; trail: Trail; value: unknown };
  url?: string;
}

/** Parts of a file that its owner writes; the others are made by programs. */
const SPOKEN = new Set(["caption", "name"]);

function placesIn(data: ShareData): Place[] {
  const places: Place[] = [];
  const look = (name: string, path: Path, value: unknown) => {
    const where = data.labels[name];
    if (where === undefined) return;
    for (const { trail, text } of textsIn(value)) {
      const last = trail.at(-1);
      if (typeof last === "string" && trail.length > 1 && !SPOKEN.has(last)) continue;
      for (const notice of notices(text)) {
        places.push({ where, text, notice, at: { path, trail, value } });
      }
    }
  };
  for (const [field, value] of Object.entries(data.answers)) {
    const rows = Array.isArray(value) ? (value as { id?: string }[]) : [];
    if (rows.some((row) => typeof row?.id === "string")) {
      for (const row of rows) {
        for (const [column, inner] of Object.entries(row)) {
          if (column !== "id") look(`${field}.${column}`, [field, row.id ?? "", column], inner);
        }
      }
    } else look(field, [field], value);
  }
  for (const { title, url, text } of data.lent) {
    for (const notice of notices(text)) places.push({ where: title, text, notice, url });
  }
  return places;
}

const button = (words: string, name: string, press: () => void) =>
  element(
    "button",
    { type: "button", className: "uzs-button uzs-button-quiet", ariaLabel: name, onclick: press },
    words,
  );

interface Write {
  path: Path;
  value: unknown;
}

class Guard {
  #left = new Set<string>();
  #undo: Write[] = [];
  #said = "";

  constructor(
    private readonly root: HTMLElement,
    private data: ShareData,
    private readonly i18n: I18n,
  ) {}

  async #write(changes: Write[], undo: Write[], said: string): Promise<void> {
    const { api, workbook, revision, reader } = this.data;
    const request = makeRequest("_xsrf", fetch, reader);
    try {
      await request("PATCH", `${api}/workbooks/${workbook}/answers`, {
        body: {
          batch: crypto.randomUUID?.() ?? `share-${Date.now()}-${Math.random()}`,
          client: "share",
          base_revision: revision,
          changes: changes.map(({ path, value }) => ({ op: "set", path, value })),
        },
      });
      await this.#again();
      this.#undo = undo;
      this.#said = said;
    } catch {
      this.#said = this.i18n.t("It could not be saved. Nothing is changed; please try again.");
    }
    this.draw();
    this.root.querySelector<HTMLElement>("button, a")?.focus();
  }

  /** The same page once more: what others would read now, and the revision that it shows. */
  async #again(): Promise<void> {
    const response = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const id of ["seen", "share-data"]) {
      const fresh = page.getElementById(id);
      if (!response.ok || !fresh) throw new Error(id);
      document.getElementById(id)?.replaceWith(document.adoptNode(fresh));
    }
    this.data = read();
  }

  /** The places of one answer are masked at once: what one makes longer would move the next. */
  #mask(places: Place[]): void {
    const changes = new Map<string, Write>();
    const undo = new Map<string, Write>();
    const texts = new Map<string, Place[]>();
    for (const place of places) {
      if (!place.at) continue;
      const key = JSON.stringify([place.at.path, place.at.trail]);
      texts.set(key, [...(texts.get(key) ?? []), place]);
    }
    for (const those of texts.values()) {
      const first = those[0];
      if (!first?.at) continue;
      const { path, trail, value } = first.at;
      const key = JSON.stringify(path);
      const text = masked(
        first.text,
        those.map(({ notice }) => notice),
        maskWords(this.i18n),
      );
      const before = changes.get(key)?.value ?? value;
      changes.set(key, { path, value: withText(before, trail, text) });
      undo.set(key, { path, value });
    }
    const words = this.i18n.n(
      "{count} place is masked.",
      "{count} places are masked.",
      places.length,
    );
    void this.#write([...changes.values()], [...undo.values()], words);
  }

  draw(): void {
    const { t } = this.i18n;
    const key = ({ where, text, notice }: Place) => JSON.stringify([where, text, notice.start]);
    const places = placesIn(this.data).filter((place) => !this.#left.has(key(place)));
    const own = places.filter((place) => place.at);
    const list = element("ul", { className: "uzs-list" });
    for (const place of places) list.append(this.#line(place, () => this.#left.add(key(place))));
    const actions = element("div", { className: "uzs-actions" });
    if (own.length > 1) {
      actions.append(button(t("Mask all"), t("Mask all"), () => this.#mask(own)));
    }
    if (this.#undo.length > 0) {
      const back = this.#undo;
      const words = t("Undo the masking");
      actions.append(button(words, words, () => void this.#write(back, [], t("It is back."))));
    }
    this.root.replaceChildren(
      element(
        "p",
        {},
        places.length > 0
          ? t(
              "Initials are enough for everybody who reads this. The following was noticed by this page alone and was sent to nobody. Not everything is noticed, and not everything noticed is a person: you decide.",
            )
          : `${t("No full name and no number was noticed.")} ${t(
              "A first name alone, a family name alone and names in small letters are not noticed. Please read through it yourself.",
            )}`,
      ),
      list,
      element("p", { role: "status" }, this.#said),
      actions,
    );
    this.root.dataset.ready = "yes";
  }

  #line(place: Place, leave: () => void): HTMLElement {
    const { t } = this.i18n;
    const { notice, where, text, url } = place;
    const words = showControls(text.slice(notice.start, notice.end));
    const [before, behind] = around(place);
    const mask = notice.mask ?? maskWords(this.i18n)[notice.kind as "phone"];
    const actions = element("div", { className: "uzs-actions" });
    if (url) actions.append(element("a", { href: url }, t("Change it there")));
    else {
      const name = `${t("Mask: {mask}", { mask })} (${words})`;
      actions.append(button(t("Mask: {mask}", { mask }), name, () => this.#mask([place])));
    }
    const stay = t("Leave as it is");
    actions.append(
      button(stay, `${stay} (${words})`, () => {
        leave();
        this.#said = t("It stays as it is.");
        this.draw();
        this.root.querySelector<HTMLElement>("button, a")?.focus();
      }),
    );
    return element(
      "li",
      {},
      element("p", {}, `${where}: ${kindWords(notice.kind, this.i18n)}`),
      element("p", {}, element("bdi", {}, before, element("mark", {}, words), behind)),
      actions,
    );
  }
}

function read(): ShareData {
  return JSON.parse(document.getElementById("share-data")?.textContent ?? "{}") as ShareData;
}

const root = document.getElementById("guard");
if (root && document.getElementById("share-data")) {
  const data = read();
  const request = makeRequest("_xsrf", fetch, data.reader);
  request("GET", `${data.api}/messages/${data.lang}?parts=first,later`)
    .then((messages) => {
      new Guard(root, data, createI18n(data.lang, messages as Messages)).draw();
    })
    // The page says itself what to look for.
    .catch(() => undefined);
}

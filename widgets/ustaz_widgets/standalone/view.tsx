/**
 * One field as a widget by itself: its value is the model's, and Python's.
 *
 * What somebody types is set and sent at once: while something waits to be sent, the kernel's echo
 * of what was sent before would be taken for news, and put old words over new ones. Python judges it
 * by the rules that hold for a workbook; what it refuses stays here, where it can be mended, with the
 * reason beside it.
 */
import { render } from "preact";
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { FieldView } from "../form/field";
import type { Ctx } from "../form/types";
import { useUndoKeys } from "../form/undo-keys";
import { key, same } from "../model/changes";
import { evaluate } from "../model/evaluate";
import { sentence } from "../model/findings";
import { createI18n } from "../model/i18n";
import type {
  Change,
  Definition,
  Evaluation,
  Field,
  Messages,
  RuleContext,
  Value,
} from "../model/types";
import { shownFindings } from "../model/visible-findings";
import { freshPrefix } from "../notebook/host";
import { addTheme } from "../notebook/theme";
import { MemoryStore } from "../sync/memory";
import type { Model, Reply } from "./model";
import "../page/page.css";
import "./standalone.css";

interface Page {
  definition: Definition;
  messages: Messages;
  context: RuleContext;
}

/** There is no server: what asks for one is told so. */
const NO_SERVER = () => Promise.reject(new Error("no server"));

/** What the model holds where nothing is answered. */
const nothing = (field: Field): Value => ("columns" in field ? [] : {}) as Value;

class Bound {
  readonly store: MemoryStore;

  constructor(
    private readonly model: Model,
    definition: Definition,
    private readonly field: Field,
    lang: string,
  ) {
    const answers = { [field.id]: this.#value() };
    this.store = new MemoryStore(definition.id, answers, lang, this.#edited);
  }
  #value(): Value {
    return structuredClone(this.model.get("value") ?? nothing(this.field)) as Value;
  }
  get #own(): Value {
    return (this.store.answers[this.field.id] ?? nothing(this.field)) as Value;
  }
  #edited = (): void => {
    this.model.set("value", composed(this.#own));
    this.model.save_changes();
  };
  /** Take what Python, or another view, has set. */
  follow = (): void => {
    const value = this.#value();
    if (same(value, composed(this.#own))) return;
    const change: Change = { op: "set", path: [this.field.id], value };
    this.store.receive(change);
  };
}

/** Texts as they are kept: composed characters, whatever keyboard wrote them. */
function composed<T>(value: T): T {
  if (typeof value === "string") return value.normalize("NFC") as T;
  if (Array.isArray(value)) return value.map(composed) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, composed(inner)]),
  ) as T;
}

function View({ model, el, bound, uid }: { model: Model; el: Element; bound: Bound; uid: string }) {
  const [turn, redraw] = useReducer((count: number) => count + 1, 0);
  const [spoken, setSpoken] = useState("");
  const [refused, setRefused] = useState("");
  const [stopped, setStopped] = useState(false);
  const left = useRef(new Set<string>()).current;
  const { definition, messages, context } = model.get("page") as Page;
  const lang = String(model.get("language"));
  const i18n = createI18n(lang, messages);
  const { store } = bound;
  const field = fieldOf(definition);
  const mode = model.get("read_only") === true ? "read" : "edit";
  const announce = (text: string) =>
    setSpoken((before) => (before === text ? `${text}\u00a0` : text));
  useEffect(() => {
    const again = () => redraw(0);
    const heard = (message: Reply) =>
      setRefused(message.event === "refused" ? message.message : "");
    const closed = () => setStopped(true);
    const stop = store.subscribe(again);
    model.on("change:value", bound.follow);
    model.on("change:page change:read_only", again);
    model.on("msg:custom", heard);
    model.on("comm_live_update", closed);
    return () => {
      stop();
      model.off("change:value", bound.follow);
      model.off("change:page change:read_only", again);
      model.off("msg:custom", heard);
      model.off("comm_live_update", closed);
    };
  }, [model, bound]);
  useUndoKeys(
    mode === "edit",
    (again) => {
      const what = again ? store.redo() : store.undo();
      if (what === null) return false;
      announce(again ? i18n.t("Done again: {what}", { what }) : i18n.t("Undone: {what}", { what }));
      return true;
    },
    el,
  );
  const evaluation: Evaluation = evaluate(definition, store.answers, context);
  const ctx: Ctx = {
    ...i18n,
    api: { base: "", request: NO_SERVER, opening: NO_SERVER, by: null },
    mode,
    typist: false,
    writing: lang,
    definition,
    store,
    stores: { [definition.id]: store },
    definitions: { [definition.id]: definition },
    evaluation,
    context,
    confirmations: [],
    uid,
    findingsFor: (id, row = null, column = null) =>
      shownFindings(evaluation, { left, checked: false }, definition.id, {
        field: id,
        row,
        column,
      }),
    leave: (path) => {
      left.add(key([definition.id, ...path]));
      redraw(turn);
    },
    message: (finding) => sentence(finding, definition, i18n),
    announce,
    link: () => null,
  };
  return (
    <div class={`uz-page uz-page--${mode} uz-standalone`} lang={lang} translate={false}>
      <div class="uz-section">
        <FieldView field={field} path={[field.id]} ctx={ctx} />
      </div>
      <div role="status">
        {stopped && mode === "edit" && (
          <p class="uz-notice">
            {i18n.t(
              "The kernel has stopped: what is written here from now on, Python does not get.",
            )}
          </p>
        )}
        {refused && (
          <p class="uz-notice">
            {i18n.t("Python has not taken the last change. It stays here; change it a little.")}{" "}
            {refused}
          </p>
        )}
      </div>
      <p class="uz-hidden" role="status">
        {spoken}
      </p>
    </div>
  );
}

const fieldOf = (definition: Definition): Field => definition.sections[0]?.fields?.[0] as Field;

export function renderField({ model, el }: { model: Model; el: HTMLElement }): () => void {
  addTheme();
  el.dataset.lmSuppressShortcuts = "true";
  const { definition } = model.get("page") as Page;
  const bound = new Bound(model, definition, fieldOf(definition), String(model.get("language")));
  const uid = freshPrefix(definition.id);
  render(<View model={model} el={el} bound={bound} uid={uid} />, el);
  return () => render(null, el);
}

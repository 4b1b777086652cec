/**
 * The plan on a page of its own, for the browser tests: a store in memory, no server.
 *
 * The test puts `{definition, answers, people, lang, mode, context, messages}` on the page as JSON
 * and reads `window.plan` back. Not part of any bundle that people get.
 */
import { render } from "preact";
import { FieldView } from "../form/field";
import type { Ctx } from "../form/types";
import { applyChanges, key } from "../model/changes";
import { evaluate } from "../model/evaluate";
import { sentence } from "../model/findings";
import { createI18n } from "../model/i18n";
import type {
  Answers,
  Change,
  Definition,
  Document,
  Evaluation,
  Messages,
  Mode,
  Row,
  RuleContext,
  TableField,
} from "../model/types";
import { shownFindings } from "../model/visible-findings";
import { useUndoKeys } from "../page/keys";
import { ActionPlan } from "../plan/plan";
import "../plan/plan.css";
import type { Store } from "../sync/types";
import { UndoStack } from "../sync/undo";

interface Setup {
  definition: Definition;
  people: Definition;
  table: string;
  answers: Answers;
  contacts: Row[];
  lang: string;
  mode: Mode;
  context: RuleContext;
  messages: Messages;
}

class MemoryStore implements Store {
  document: Document;
  state = "saved" as const;
  changes: Change[] = [];
  #undo = new UndoStack();
  #listeners = new Set<() => void>();

  constructor(
    readonly workbook: string,
    answers: Answers,
    lang: string,
  ) {
    const subject = { kind: "person", id: "aigul-s" };
    this.document = { workbook, subject, lang, status: "draft", revision: 1, answers };
  }
  get answers(): Answers {
    return this.document.answers;
  }
  get canUndo(): boolean {
    return this.#undo.past.length > 0;
  }
  get canRedo(): boolean {
    return this.#undo.future.length > 0;
  }
  edit(change: Change | Change[], label = ""): void {
    const changes = [change].flat();
    this.#undo.record(this.answers, changes, label, Date.now());
    this.#apply(changes);
  }
  /** A change that came from another device. */
  receive(change: Change): void {
    this.#apply([change]);
  }
  undo(): string | null {
    return this.#turn(this.#undo.undo(this.answers));
  }
  redo(): string | null {
    return this.#turn(this.#undo.redo(this.answers));
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  flush(): void {}
  #turn(step: { label: string; changes: Change[] } | null): string | null {
    if (step) this.#apply(step.changes);
    return step?.label ?? null;
  }
  #apply(changes: Change[]): void {
    this.changes.push(...changes);
    this.document = { ...this.document, answers: applyChanges(this.answers, changes) };
    for (const listener of this.#listeners) listener();
  }
}

function start(setup: Setup): void {
  const { definition, people, lang, mode } = setup;
  const i18n = createI18n(lang, setup.messages);
  const store = new MemoryStore(definition.id, setup.answers, lang);
  const contacts = new MemoryStore(people.id, { people: setup.contacts }, lang);
  const said: string[] = [];
  const live = document.getElementById("said") as HTMLElement;
  const field = definition.sections
    .flatMap((section) => section.fields ?? [])
    .find((candidate) => candidate.id === setup.table) as TableField;
  const seen = { left: new Set<string>(), checked: false };
  const linked = () => ({ [people.id]: contacts.answers });
  // Once for each rendering, as the page does.
  let evaluation: Evaluation;
  const ctx = (): Ctx => ({
    ...i18n,
    api: {
      base: "",
      request: () => Promise.reject(new Error("no server")),
      opening: () => Promise.reject(new Error("no server")),
      by: null,
    },
    mode,
    typist: false,
    writing: lang,
    definition,
    store,
    stores: { [definition.id]: store, [people.id]: contacts },
    definitions: { [definition.id]: definition, [people.id]: people },
    evaluation,
    context: setup.context,
    confirmations: [],
    uid: "uz",
    findingsFor: (id, row = null, column = null) =>
      shownFindings(evaluation, seen, definition.id, { field: id, row, column }),
    leave: (path) => {
      seen.left.add(key([definition.id, ...path]));
      draw();
    },
    message: (finding) => sentence(finding, definition, i18n),
    announce: (text) => {
      said.push(text);
      live.textContent = text;
    },
    link: () => null,
  });
  const Page = () => {
    useUndoKeys((again) => mode === "edit" && (again ? store.redo() : store.undo()) !== null);
    return (
      <section id={`uz-${field.id}`} aria-label={field.label}>
        <ActionPlan
          field={field}
          rows={(store.answers[field.id] as Row[] | undefined) ?? []}
          path={[field.id]}
          onChange={(change) => store.edit(change)}
          findings={[]}
          mode={mode}
          lang={lang}
          ctx={ctx()}
          FieldView={FieldView}
        />
      </section>
    );
  };
  const draw = () => {
    evaluation = evaluate(definition, store.answers, { ...setup.context, linked: linked() });
    render(<Page />, document.getElementById("app") as HTMLElement);
  };
  store.subscribe(draw);
  contacts.subscribe(draw);
  draw();
  Object.assign(globalThis, { plan: { store, said } });
}

start(JSON.parse(document.getElementById("setup")?.textContent ?? "{}") as Setup);

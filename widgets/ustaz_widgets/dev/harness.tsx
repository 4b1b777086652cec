/**
 * The plan on a page of its own, for the browser tests: a store in memory, no server.
 *
 * The test puts `{definition, answers, people, lang, mode, context, messages}` on the page as JSON
 * and reads `window.plan` back. Not part of any bundle that people get.
 */
import { render } from "preact";
import { FieldView } from "../form/field";
import type { Ctx } from "../form/types";
import { useUndoKeys } from "../form/undo-keys";
import { key } from "../model/changes";
import { evaluate } from "../model/evaluate";
import { sentence } from "../model/findings";
import { createI18n } from "../model/i18n";
import type {
  Answers,
  Change,
  Definition,
  Evaluation,
  Messages,
  Mode,
  Row,
  RuleContext,
  TableField,
} from "../model/types";
import { shownFindings } from "../model/visible-findings";
import { ActionPlan } from "../plan/plan";
import "../plan/plan.css";
import { MemoryStore } from "../sync/memory";

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

function start(setup: Setup): void {
  const { definition, people, lang, mode } = setup;
  const i18n = createI18n(lang, setup.messages);
  const changes: Change[] = [];
  const store = new MemoryStore(definition.id, setup.answers, lang, (made) => {
    changes.push(...made);
  });
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
    useUndoKeys(mode === "edit", (again) => (again ? store.redo() : store.undo()) !== null);
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
  Object.assign(globalThis, { plan: { store, said, changes } });
}

start(JSON.parse(document.getElementById("setup")?.textContent ?? "{}") as Setup);

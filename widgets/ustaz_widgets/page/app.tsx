/** The workbook page: the sections in the middle, everything around them. */
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { useAwake, whenQuiet } from "../form/awake";
import { formOf } from "../form/kinds";
import { described } from "../form/read";
import { SectionView } from "../form/section";
import { key, pathOf } from "../model/changes";
import { askedHere, someField } from "../model/definition";
import { createI18n } from "../model/i18n";
import type { PageData } from "../model/page-data";
import { isTypist } from "../model/transcription";
import type { Field, I18n, Path } from "../model/types";
import type { Api } from "../sync/api";
import type { DocumentStore } from "../sync/store";
import { Actions, type Opened, type PanelName } from "./actions";
import { contexts, type Parts, type Seen, shownHere, uidHere } from "./context";
import { Header, Sections } from "./header";
import {
  useAfterPress,
  useFiles,
  useGuarded,
  useKinds,
  useLater,
  useLeaveGuard,
  useOnline,
  usePlan,
  useRest,
  useSaveNews,
  useTypist,
} from "./hooks";
import { useIds } from "./ids";
import type { WordStore, Words } from "./load";
import { mostPressing, Notice, problemWords, StateLine, stateWords } from "./save-state";
import { useRounds } from "./submissions";

/** Does a table have a component of its own? */
const isDrawnOver = (field: Field) => "component" in field && field.component !== "form";

/** Are files asked for, in the field or in a column of it? */
const hasFiles = (field: Field): boolean =>
  "columns" in field ? field.columns.some(hasFiles) : "accept" in field;

export interface AppProps {
  data: PageData;
  api: Api;
  stores: Record<string, DocumentStore>;
  words: WordStore;
  lang: string;
  onLang: (lang: string) => void;
  /** The whole page is ours: title, `lang` of the document, guard on leaving. */
  whole: boolean;
}

export function App(props: AppProps) {
  const { data, api, stores, words, lang, onLang, whole } = props;
  const named = useIds();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [busy, setBusy] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const [spoken, setSpoken] = useState("");
  const [opened, setOpened] = useState<Opened>({ panel: null, turn: 0, forReady: false });
  const [wrote, setWrote] = useState(false);
  const seen = useRef<Seen>({ left: new Set(), checked: false }).current;
  const opener = useRef<HTMLElement | null>(null);
  const known = words.at(lang) as Words;
  const { rounds, sent } = useRounds(data, known, stores);
  const i18n: I18n = useMemo(() => createI18n(lang, known.messages), [lang, known]);
  const own = stores[data.workbook] as DocumentStore;
  const mode = data.mode ?? "edit";
  const list = Object.values(stores);

  useEffect(() => {
    const changed = () => {
      redraw(0);
      setWrote(true);
    };
    const stops = Object.values(stores).map((store) => store.subscribe(changed));
    return () => {
      for (const stop of stops) stop();
    };
  }, [stores]);
  const announce = (text: string) => {
    // The same words twice are said twice.
    setSpoken((before) => (before === text ? `${text}\u00a0` : text));
  };
  const afterPress = useAfterPress();
  const online = useOnline();
  // Where something waits for an answer of its writer, or for a choice, it is said at once.
  const pending = list.some(
    ({ conflicts, refused, document }) => conflicts[0] ?? refused[0] ?? document.entered,
  );
  const awake = useAwake(whole && !pending);
  const typing = isTypist(data);
  const wanted = (mode === "edit" && awake) || opened.panel !== null;
  const rest = useRest(awake || wanted || wrote, words, lang);
  const coming = useLater(wanted);
  // No part is drawn before its words are here.
  const later = rest && coming;
  // Its words come with the first ones.
  const typist = useTypist(typing);
  useKinds(someField(known.definitions, (field) => formOf(field).late !== undefined));
  usePlan(
    rest === true && awake && someField(askedHere(known.definitions, data.workbook), isDrawnOver),
  );
  useFiles(someField(known.definitions, hasFiles));
  const guarded = useGuarded(
    rest === true && mode === "edit" && (wrote || opened.panel === "submit"),
  );
  useLeaveGuard(() => list.some((store) => store.fragile));
  const pressing = mostPressing(list, own);

  const parts: Parts = {
    uid: uidHere(data),
    mode,
    i18n,
    data,
    api,
    stores,
    definitions: known.definitions,
    seen,
    leave: (path: Path) => {
      afterPress(() => {
        seen.left.add(key(path));
        redraw(0);
      });
    },
    noticed: guarded?.noticed,
    announce,
  };
  const all = contexts(parts);
  const ctx = all[data.workbook];
  const trouble = pressing.problem ? problemWords(pressing.problem, i18n) : "";
  const theirs = all[pressing.workbook];
  const question = pressing.state === "choose" && theirs ? pressing.conflicts[0] : undefined;
  const about = question && theirs ? `: ${described(theirs, pathOf(question.change)).where}` : "";
  const ask = useSaveNews(pressing.state, stateWords(pressing, i18n) + about, trouble, announce);
  const prefetch = () => {
    for (const other of data.languages ?? []) void words.load(other).catch(() => undefined);
  };
  useEffect(() => (whole ? whenQuiet(prefetch) : undefined), [whole]);

  if (!ctx) return null;
  const { t } = i18n;
  const pick = async (wanted: string) => {
    if (wanted === lang) return;
    setBusy(wanted);
    setFailed(false);
    try {
      await words.load(wanted);
      onLang(wanted);
      void api.rememberLang(wanted);
    } catch {
      setFailed(true);
    } finally {
      setBusy(null);
    }
  };
  const { panel, turn } = opened;
  const open = (name: PanelName, forReady = false) => {
    opener.current = document.activeElement as HTMLElement | null;
    if (name === "check") seen.checked = true;
    setOpened({ panel: name, turn: turn + 1, forReady });
  };
  const close = () => {
    setOpened({ ...opened, panel: null });
    opener.current?.focus();
  };
  const writing = mode === "edit";
  const here = shownHere(ctx, all);
  const read = rounds.filter((round) => round.feedback_page).at(-1);
  // Inside somebody else's page there is a main part already.
  const Main = whole ? "main" : "div";
  const Foot = whole ? "footer" : "div";
  return (
    <div class={`uz-page uz-page--${mode}`} lang={lang}>
      {whole && (
        <a class="uz-skip" href="#uz-content">
          {t("Skip to the content")}
        </a>
      )}
      <Header
        data={data}
        i18n={i18n}
        title={ctx.definition.title}
        summary={ctx.definition.summary}
        // Facilitators and staff speak of workbooks by their codes; to their writer it says nothing.
        code={data.about ? ctx.definition.code : undefined}
        minutes={ctx.definition.minutes}
        busy={busy}
        onLang={pick}
        onNear={prefetch}
      />
      <section class="uz-bar" aria-label={t("Progress and saving")}>
        <p class="uz-progress">
          {t("{answered} of {of} answered", {
            answered: ctx.evaluation.answered,
            of: ctx.evaluation.of,
          })}
        </p>
        {writing && <StateLine store={pressing} i18n={i18n} />}
      </section>
      <div class="uz-body">
        {!data.section && <Sections ctx={ctx} />}
        <Main class="uz-main" id={named("uz-content")} tabIndex={-1}>
          <div class="uz-notices">
            {ctx.typist && typist && <typist.TypistNote here={here} data={data} i18n={i18n} />}
            {later && writing && !ctx.typist && (
              <later.EnteredPanel here={here} api={api} i18n={i18n} />
            )}
            {read && (
              <p class="uz-notice" id={named("uz-feedback")}>
                {t("Feedback has come for round {round}, submitted on {date}.", {
                  round: read.round,
                  date: i18n.date(read.received_at),
                })}{" "}
                <a href={read.feedback_page ?? ""}>{t("Read the feedback")}</a>
              </p>
            )}
            {failed && (
              <p class="uz-notice" role="status">
                {t(
                  "The other language could not be loaded now. Please try again when there is a connection.",
                )}
              </p>
            )}
            {!online && writing && pressing.state !== "kept" && (
              <p class="uz-notice" role="status">
                {t(
                  "You are offline. You can go on writing; it is kept in this browser and sent later.",
                )}
              </p>
            )}
            {writing && (
              <Notice
                store={pressing}
                i18n={i18n}
                onAsk={ask}
                {...(data.home ? { home: data.home } : {})}
              />
            )}
            {/* Whose own it is, is told by the page around it why nothing can be changed. */}
            {!writing && data.about !== null && (
              <p class="uz-notice">
                {t("You are reading. Only the person who wrote it can change it.")}
              </p>
            )}
            {list.map((store) => {
              const theirs = all[store.workbook];
              return theirs && writing && later ? (
                <div key={store.workbook}>
                  <later.Conflicts store={store} ctx={theirs} owner={data.person?.name ?? ""} />
                  <later.UnsentList store={store} ctx={theirs} />
                </div>
              ) : null;
            })}
          </div>
          {ctx.definition.sections.map((section, at) =>
            data.section && data.section !== section.id ? null : (
              <SectionView
                key={section.id}
                section={section}
                ctx={ctx}
                others={all}
                number={at + 1}
              />
            ),
          )}
          {writing && !data.section && (
            <Actions ctx={ctx} data={data} rounds={rounds} panel={panel} onOpen={open} />
          )}
          {panel && later === undefined && <p role="status">{t("Loading…")}</p>}
          {later === null && (
            <p class="uz-notice" role="status">
              {t("A part of this page could not be loaded. Please load the page again.")}
            </p>
          )}
          {later && panel === "check" && (
            <later.CheckPanel ctx={ctx} turn={turn} forReady={opened.forReady} onClose={close} />
          )}
          {later && panel === "submit" && !ctx.typist && (
            <later.SubmitPanel
              ctx={ctx}
              api={api}
              stores={list}
              rounds={rounds}
              turn={turn}
              guarded={guarded}
              onClose={close}
              onSent={sent}
            />
          )}
          {later && panel === "history" && (
            <later.HistoryPanel ctx={ctx} api={api} turn={turn} onClose={close} />
          )}
        </Main>
      </div>
      {known.draft && (
        <Foot class="uz-foot">
          <p>{t("This translation is a draft until a native reader has signed it off.")}</p>
        </Foot>
      )}
      {later && writing && <later.Paper parts={parts} />}
      {later && writing && (
        <later.Keys own={own} list={list} whole={whole} parts={parts} onAsk={ask} />
      )}
      <p class="uz-hidden" role="status">
        {spoken}
      </p>
    </div>
  );
}

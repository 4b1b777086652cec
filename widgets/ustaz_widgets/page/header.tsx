/** The top of the page: way home, title, languages; then where one is and whether it is kept. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Ctx } from "../form/types";
import { languageByLetters } from "../model/letters";
import type { PageData } from "../model/page-data";
import type { I18n } from "../model/types";
import { uidHere } from "./context";

/** Each language by its own name. */
export const NAMES: Record<string, string> = { en: "English", ru: "Русский", kk: "Қазақша" };

export function Languages(props: {
  languages: string[];
  i18n: I18n;
  busy: string | null;
  onPick: (lang: string) => void;
  /** The person comes near: what a switch needs can be fetched. */
  onNear: () => void;
}) {
  const { languages, i18n, busy, onPick, onNear } = props;
  if (languages.length < 2) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: three buttons, not a form
    <div
      class="uz-languages"
      role="group"
      aria-label={i18n.t("Language")}
      onPointerEnter={onNear}
      onFocusIn={onNear}
    >
      {languages.map((lang) => (
        <button
          key={lang}
          type="button"
          class="uz-language"
          lang={lang}
          aria-pressed={lang === i18n.lang}
          aria-busy={busy === lang}
          // The caret stays in the text: pressing with a pointer does not take the focus.
          onPointerDown={(event) => event.preventDefault()}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(lang)}
        >
          {NAMES[lang] ?? lang}
        </button>
      ))}
    </div>
  );
}

export function Header(props: {
  data: PageData;
  i18n: I18n;
  title: string;
  summary?: string | null | undefined;
  code?: string | undefined;
  minutes?: number | null | undefined;
  busy: string | null;
  onLang: (lang: string) => void;
  onNear: () => void;
}) {
  const { data, i18n, title, summary, code, minutes, busy, onLang, onNear } = props;
  const { t, n } = i18n;
  return (
    <header class="uz-header">
      <div class="uz-header-row">
        {data.home ? (
          <a class="uz-home" href={data.home}>
            <span aria-hidden="true">← </span>
            {t("Home")}
          </a>
        ) : (
          <span />
        )}
        <Languages
          languages={data.languages ?? []}
          i18n={i18n}
          busy={busy}
          onPick={onLang}
          onNear={onNear}
        />
      </div>
      <h1 id={uidHere(data)} tabIndex={-1}>
        {code ? <span class="uz-code">{code} </span> : null}
        {title}
      </h1>
      {summary ? <p class="uz-summary">{summary}</p> : null}
      <p class="uz-meta">
        {data.person?.name ? (
          <bdi lang={languageByLetters(data.person.name, i18n.lang)}>{data.person.name}</bdi>
        ) : null}
        {data.person?.name && minutes ? " · " : ""}
        {minutes ? n("about {count} minute", "about {count} minutes", minutes) : ""}
      </p>
    </header>
  );
}

/** As in page.css. */
const WIDE = "(min-width: 64rem)";

function useWide(): boolean {
  const [wide, setWide] = useState(() => globalThis.matchMedia?.(WIDE).matches ?? false);
  useEffect(() => {
    const query = globalThis.matchMedia?.(WIDE);
    const listen = () => setWide(query.matches);
    query?.addEventListener("change", listen);
    return () => query?.removeEventListener("change", listen);
  }, []);
  return wide;
}

/** The sections; folded on a phone. */
export function Sections({ ctx }: { ctx: Ctx }) {
  const { t } = ctx;
  const wide = useWide();
  const fold = useRef<HTMLDetailsElement>(null);
  const list = <SectionList ctx={ctx} onGone={() => fold.current?.removeAttribute("open")} />;
  return (
    <nav class="uz-nav" aria-label={t("Sections")}>
      {wide ? (
        list
      ) : (
        <details ref={fold}>
          <summary>{t("Sections")}</summary>
          {list}
        </details>
      )}
    </nav>
  );
}

function SectionList({ ctx, onGone }: { ctx: Ctx; onGone: () => void }) {
  const { t, definition, evaluation, uid } = ctx;
  const go = (event: Event, id: string) => {
    const title = document.getElementById(`${id}-title`);
    if (!title) return;
    event.preventDefault();
    onGone();
    title.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  };
  return (
    <ol>
      {definition.sections.map((section) => {
        const id = `${uid}-section-${section.id}`;
        const counts = evaluation.sections.find((counted) => counted.id === section.id);
        return (
          <li key={section.id}>
            <a href={`#${id}`} onClick={(event) => go(event, id)}>
              {section.title}
            </a>
            {counts && counts.of > 0 ? (
              <span class="uz-meta">
                {t("{answered} of {of}", { answered: counts.answered, of: counts.of })}
              </span>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

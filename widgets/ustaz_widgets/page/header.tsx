/** The top of the page: way home, title, languages; then where one is and whether it is kept. */
import { useEffect, useState } from "preact/hooks";
import type { Ctx, I18n, PageData } from "../core/types";
import { uidOf } from "./context";

/** Each language by its own name. */
const NAMES: Record<string, string> = { en: "English", ru: "Русский", kk: "Қазақша" };

export function Languages(props: {
  languages: string[];
  i18n: I18n;
  busy: string | null;
  onPick: (lang: string) => void;
}) {
  const { languages, i18n, busy, onPick } = props;
  if (languages.length < 2) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: three buttons, not a form
    <div class="uz-languages" role="group" aria-label={i18n.t("Language")}>
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
}) {
  const { data, i18n, title, summary, code, minutes, busy, onLang } = props;
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
        <Languages languages={data.languages ?? []} i18n={i18n} busy={busy} onPick={onLang} />
      </div>
      <h1 id={uidOf(data.workbook)} tabIndex={-1}>
        {code ? <span class="uz-code">{code} </span> : null}
        {title}
      </h1>
      {summary ? <p class="uz-summary">{summary}</p> : null}
      <p class="uz-meta">
        {data.person?.name ? <bdi>{data.person.name}</bdi> : null}
        {data.person?.name && minutes ? " · " : ""}
        {minutes ? n("about {count} minute", "about {count} minutes", minutes) : ""}
      </p>
    </header>
  );
}

function useWide(): boolean {
  const query = typeof matchMedia === "function" ? matchMedia("(min-width: 64rem)") : null;
  const [wide, setWide] = useState(query?.matches ?? false);
  useEffect(() => {
    const listen = () => setWide(query?.matches ?? false);
    query?.addEventListener("change", listen);
    return () => query?.removeEventListener("change", listen);
  }, [query]);
  return wide;
}

/** The sections; folded on a phone. */
export function Sections({ ctx }: { ctx: Ctx }) {
  const { t, definition, evaluation, uid } = ctx;
  const wide = useWide();
  return (
    <nav class="uz-nav" aria-label={t("Sections")}>
      <details open={wide}>
        <summary>{t("Sections")}</summary>
        <ol>
          {definition.sections.map((section) => {
            const counts = evaluation.sections.find((one) => one.id === section.id);
            return (
              <li key={section.id}>
                <a
                  href={`#${uid}-section-${section.id}`}
                  onClick={(event) => {
                    event.preventDefault();
                    const details = event.currentTarget.closest("details");
                    if (details && !wide) details.open = false;
                    const title = document.getElementById(`${uid}-section-${section.id}-title`);
                    title?.scrollIntoView({ block: "start" });
                    title?.focus({ preventScroll: true });
                  }}
                >
                  {section.title}
                </a>
                {counts && counts.of > 0 ? (
                  <span class="uz-meta">
                    {" "}
                    {t("{answered} of {of}", { answered: counts.answered, of: counts.of })}
                  </span>
                ) : null}
              </li>
            );
          })}
        </ol>
      </details>
    </nav>
  );
}

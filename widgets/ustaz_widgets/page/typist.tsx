/** Above the sections of a page on which somebody types in what another person wrote on paper. */
import type { Ctx } from "../form/types";
import type { PageData } from "../model/page-data";
import { isClosed, open } from "../model/transcription";
import type { I18n } from "../model/types";
import { useIds } from "./ids";

/** For whoever types in: whose workbook this is, and what happens with what is typed. */
export function TypistNote({ here, data, i18n }: { here: Ctx[]; data: PageData; i18n: I18n }) {
  const { t, n } = i18n;
  const named = useIds();
  const name = data.person?.name ?? data.about ?? "";
  const count = here.flatMap((ctx) => open(ctx.store.document.entered)).length;
  const closed = here.some((ctx) =>
    ctx.definition.sections.some((section) => (section.fields ?? []).some(isClosed)),
  );
  return (
    <section class="uz-panel uz-typing" aria-labelledby={named("uz-typing-title")}>
      <h2 id={named("uz-typing-title")}>{t("You are typing in for {name}", { name })}</h2>
      <p>
        {t(
          "{name} wrote on paper, and this is their workbook. Type what stands on the paper, in the same words and the same language. Everything you type is marked with your name and has to be confirmed by them.",
          { name },
        )}
      </p>
      <p>
        {closed ? `${t("Private answers stay closed to you.")} ` : ""}
        {t("Only {name} can mark it as ready and submit it.", { name })}
      </p>
      <p class="uz-meta">
        {n(
          "{count} answer typed in, not confirmed yet",
          "{count} answers typed in, not confirmed yet",
          count,
        )}
      </p>
      {data.home && data.about ? (
        <p>
          <a href={readingAddress(data)}>{t("Back to reading")}</a>
        </p>
      ) : null}
    </section>
  );
}

function readingAddress(data: PageData): string {
  const home = (data.home ?? "").replace(/\/?$/, "/");
  return `${home}people/${encodeURIComponent(data.about ?? "")}/${encodeURIComponent(data.workbook)}`;
}

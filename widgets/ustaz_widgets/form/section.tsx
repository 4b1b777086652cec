/** One section: what it is about, how long it takes, what a good one looks like, and its fields. */

import { splitReference } from "../model/definition";
import type { Example, Section } from "../model/types";
import { FieldView } from "./field";
import { KeptLinks, Opening } from "./opening";
import { Prose } from "./prose";
import { isUnanswered, ReadValue } from "./read";
import type { Ctx } from "./types";

interface Props {
  section: Section;
  ctx: Ctx;
  /** Contexts of linked workbooks, for a section that shows one of theirs. */
  others: Record<string, Ctx>;
  number: number;
}

export function SectionView({ section, ctx, others, number }: Props) {
  const { t, n } = ctx;
  const id = `${ctx.uid}-section-${section.id}`;
  const counts = ctx.evaluation.sections.find((counted) => counted.id === section.id);
  return (
    <section class="uz-section" id={id} aria-labelledby={`${id}-title`}>
      <header class="uz-section-head">
        <h2 id={`${id}-title`} tabIndex={-1}>
          {number}. {section.title}
        </h2>
        <p class="uz-meta">
          {section.minutes
            ? n("about {count} minute", "about {count} minutes", section.minutes)
            : ""}
          {section.minutes && counts && counts.of > 0 ? " · " : ""}
          {counts && counts.of > 0
            ? t("{answered} of {of} answered", { answered: counts.answered, of: counts.of })
            : ""}
        </p>
      </header>
      {section.opens_with && ctx.mode === "edit" ? (
        <Opening id={`${id}-opening`} ctx={ctx} />
      ) : null}
      {section.guidance && ctx.mode === "edit" ? <Prose text={section.guidance} /> : null}
      {ctx.mode === "edit" ? <KeptLinks id={`${id}-book`} class="uz-read" ctx={ctx} /> : null}
      {section.example && ctx.mode === "edit" ? (
        <ExampleView example={section.example} section={section} ctx={ctx} />
      ) : null}
      {section.weak_example && ctx.mode === "edit" ? (
        <ExampleView example={section.weak_example} section={section} ctx={ctx} weak={true} />
      ) : null}
      {section.embed ? (
        <Embedded embed={section.embed} ctx={ctx} others={others} />
      ) : (
        (section.fields ?? []).map((field) => (
          <FieldView key={field.id} field={field} path={[field.id]} ctx={ctx} />
        ))
      )}
      {section.poster && ctx.mode === "edit" && !ctx.typist ? (
        <p>
          <a class="uz-link" href={`${ctx.link(ctx.store.workbook)}/poster`}>
            {t("See the poster")}
          </a>
        </p>
      ) : null}
    </section>
  );
}

function Embedded({
  embed,
  ctx,
  others,
}: {
  embed: string;
  ctx: Ctx;
  others: Record<string, Ctx>;
}) {
  const { workbook, id } = splitReference(embed);
  const other = others[workbook];
  const section = other?.definition.sections.find((candidate) => candidate.id === id);
  if (!other || !section) {
    return <p class="uz-none">{ctx.t("This part is not available here.")}</p>;
  }
  return (
    <div class="uz-embedded">
      {section.guidance && ctx.mode === "edit" ? <Prose text={section.guidance} /> : null}
      {(section.fields ?? []).map((field) => (
        <FieldView key={field.id} field={field} path={[field.id]} ctx={other} />
      ))}
    </div>
  );
}

export function ExampleView(props: {
  example: Example;
  section: Section;
  ctx: Ctx;
  weak?: boolean;
}) {
  const { example, section, ctx, weak } = props;
  const { t } = ctx;
  const fields = (section.fields ?? []).filter(
    (field) => !isUnanswered(example.answers?.[field.id]),
  );
  return (
    <details class="uz-example">
      <summary>{weak ? t("What a weak one looks like") : t("What a good one looks like")}</summary>
      {example.person || example.situation ? (
        <p class="uz-meta">{[example.person, example.situation].filter(Boolean).join(" ")}</p>
      ) : null}
      <dl>
        {fields.map((field) => (
          <div key={field.id}>
            <dt>{field.label}</dt>
            <dd>
              <ReadValue
                field={field}
                value={example.answers[field.id] as never}
                ctx={ctx}
                example={true}
              />
            </dd>
          </div>
        ))}
      </dl>
      {example.why ? (
        <p>
          <strong>{weak ? t("Why it is weak:") : t("Why it is good:")}</strong> {example.why}
        </p>
      ) : null}
    </details>
  );
}

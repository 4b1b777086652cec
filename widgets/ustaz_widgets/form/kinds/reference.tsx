/** An answer of another workbook, shown where it is needed. It is written in one place only. */

import { splitReference } from "../../model/definition";
import type { Path, ReferenceField } from "../../model/types";
import { Advice, Need } from "../control";
import { fieldId } from "../ids";
import { fieldOf, isUnanswered, ReadValue } from "../read";
import type { Ctx } from "../types";
import type { FormKind } from "./base";

export function ReferenceView(props: { field: ReferenceField; path: Path; ctx: Ctx }) {
  const { field, path, ctx } = props;
  const { t } = ctx;
  const id = fieldId(ctx, path);
  const { workbook, id: target } = splitReference(field.to);
  const title = ctx.definitions[workbook]?.title ?? workbook;
  const there = ctx.link(workbook, target);
  const empty =
    !fieldOf(ctx, workbook, target) || isUnanswered(ctx.stores[workbook]?.answers[target]);
  const findings = ctx.mode === "edit" ? ctx.findingsFor(field.id) : [];
  return (
    // biome-ignore lint/a11y/useSemanticElements: nothing can be filled in here
    <div
      class="uz-field uz-field--reference"
      id={id}
      role="group"
      aria-labelledby={`${id}-label`}
      tabIndex={-1}
    >
      <p class="uz-label" id={`${id}-label`}>
        {field.label} {ctx.mode === "edit" && <Need field={field} ctx={ctx} />}
      </p>
      {field.help && ctx.mode === "edit" ? <p class="uz-help">{field.help}</p> : null}
      <blockquote class="uz-value">
        <ReferenceValue field={field} ctx={ctx} />
      </blockquote>
      {there && ctx.mode === "edit" ? (
        <p>
          <a class="uz-link" href={there}>
            {empty
              ? t("Write it in: {workbook}", { workbook: title })
              : t("Change it in: {workbook}", { workbook: title })}
          </a>
        </p>
      ) : null}
      <Advice id={`${id}-advice`} findings={findings} ctx={ctx} />
    </div>
  );
}

function ReferenceValue({ field, ctx }: { field: ReferenceField; ctx: Ctx }) {
  const { workbook, id } = splitReference(field.to);
  const target = fieldOf(ctx, workbook, id);
  const value = ctx.stores[workbook]?.answers[id];
  if (!target || isUnanswered(value))
    return <span class="uz-none">{ctx.t("Not written yet")}</span>;
  return (
    <ReadValue
      field={target}
      value={value}
      ctx={{ ...ctx, store: ctx.stores[workbook] ?? ctx.store }}
      lang={ctx.stores[workbook]?.document.lang ?? ctx.writing}
    />
  );
}

export const reference: FormKind<ReferenceField> = {
  Whole: ReferenceView,
  Reading: ({ field, ctx }) => <ReferenceValue field={field} ctx={ctx} />,
};

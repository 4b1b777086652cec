/** A value beside another one: what only it has is marked, for eyes and ears. */

import { formOf } from "../form/kinds";
import { ReadRow, ReadValue } from "../form/read";
import type { Ctx } from "../form/types";
import { showControls } from "../form/user-text";
import { difference } from "../model/difference";
import { serves } from "../model/kinds";
import type { Field, Row, TableField, Value } from "../model/types";

interface Side {
  value: unknown;
  field: Field | undefined;
  ctx: Ctx;
}

export function Shown({ value, field, ctx }: Side) {
  if (!field)
    return typeof value === "string" ? <bdi class="uz-said">{showControls(value)}</bdi> : null;
  if (value === undefined || (value === null && !serves(field, "rating"))) {
    return <p class="uz-none">{ctx.t("Empty")}</p>;
  }
  if ("columns" in field && value !== null && !Array.isArray(value)) {
    return <ReadRow field={field as TableField} row={value as Row} ctx={ctx} lang={ctx.writing} />;
  }
  return (
    <div class="uz-value">
      <ReadValue field={field} value={value as Value} ctx={ctx} lang={ctx.writing} />
    </div>
  );
}

const textOf = (value: unknown): string | null => {
  if (typeof value === "string") return value;
  const all = Array.isArray(value) && value.every((part) => typeof part === "string");
  return all ? value.join("\n") : null;
};

export function Compared(props: Side & { other: unknown; mark: "ins" | "del" }) {
  const { value, other, mark: Mark, field, ctx } = props;
  const [mine, theirs] = [textOf(value), textOf(other)];
  const text = field !== undefined && formOf(field).words;
  if (!text || !mine?.trim() || !theirs?.trim()) {
    return <Shown value={value} field={field} ctx={ctx} />;
  }
  const [pieces] = difference(showControls(mine), showControls(theirs));
  return (
    <div class="uz-value">
      <bdi class="uz-said" lang={ctx.writing}>
        {pieces.map((piece, at) =>
          piece.only ? (
            <Mark key={at}>
              <span class="uz-hidden" lang={ctx.lang}>{` ${ctx.t("only here:")} `}</span>
              {piece.text}
              <span class="uz-hidden" lang={ctx.lang}>{` ${ctx.t("end of it")} `}</span>
            </Mark>
          ) : (
            piece.text
          ),
        )}
      </bdi>
    </div>
  );
}

/** "Yours / theirs": both are kept until the person has chosen. */

import { reveal } from "../form/ids";
import { described, ReadRow } from "../form/read";
import type { Ctx } from "../form/types";
import { pathOf } from "../model/changes";
import type { Change, Row, TableField } from "../model/types";
import type { OpenConflict } from "../sync/journal";
import type { DocumentStore } from "../sync/store";
import { Compared } from "./comparison";
import { useIds } from "./ids";
import { Panel } from "./panels";

interface Props {
  store: DocumentStore;
  ctx: Ctx;
  /** The name of the person whose workbook it is. */
  owner: string;
}

export function Conflicts({ store, ctx, owner }: Props) {
  const { t, n } = ctx;
  if (store.conflicts.length === 0) return null;
  const rows = new Set<string>();
  // A row that was removed elsewhere is one question, however many of its cells were changed.
  const questions = store.conflicts.filter((conflict) => {
    if (!conflict.row) return true;
    const first = !rows.has(conflict.row.id);
    rows.add(conflict.row.id);
    return first;
  });
  return (
    <Panel id="uz-choose" title={t("Changed elsewhere")} i18n={ctx} focus={false}>
      <p>
        {ctx.typist
          ? n(
              "One answer was changed by somebody else while you were typing. Both texts are kept. When in doubt, {name} has the last word.",
              "{count} answers were changed by somebody else while you were typing. Both texts are kept. When in doubt, {name} has the last word.",
              questions.length,
              { name: owner },
            )
          : n(
              "One answer was changed on another device or in another tab. Both texts are kept. Which one is right?",
              "{count} answers were changed on another device or in another tab. Both texts are kept. Which ones are right?",
              questions.length,
            )}
      </p>
      <ul class="uz-choices">
        {questions.map((conflict) => (
          <li key={conflict.id}>
            <Question conflict={conflict} store={store} ctx={ctx} owner={owner} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Question(props: Props & { conflict: OpenConflict }) {
  const { conflict, store, ctx, owner } = props;
  const { t } = ctx;
  const named = useIds();
  const { field, where } = described(ctx, pathOf(conflict.change));
  const who = store.markOf(pathOf(conflict.change))?.by_name ?? (ctx.typist ? owner : "");
  const choose = (mine: boolean) => {
    if (mine) store.keepMine(conflict.id);
    else store.takeTheirs(conflict.id);
    const message = mine
      ? t("Yours is kept.")
      : t("The other one is taken. Yours stays under “Earlier versions”.");
    ctx.announce(`${where}: ${message}`);
    if (store.conflicts.length > 0) document.getElementById(`${named("uz-choose")}-title`)?.focus();
    else if (!reveal(ctx.uid, pathOf(conflict.change))) {
      document.querySelector<HTMLElement>(".uz-header h1")?.focus();
    }
  };
  return (
    <>
      <h3>{where}</h3>
      <div class="uz-versions">
        <div class="uz-version">
          <h4>{t("Yours")}</h4>
          <Mine conflict={conflict} field={field} ctx={ctx} />
          <button type="button" class="uz-button" onClick={() => choose(true)}>
            {t("Keep mine")}
          </button>
        </div>
        <div class="uz-version">
          <h4>
            {who && conflict.theirs_at
              ? t("Typed by {name} at {time}", { name: who, time: ctx.time(conflict.theirs_at) })
              : conflict.theirs_at
                ? t("Changed elsewhere at {time}", { time: ctx.time(conflict.theirs_at) })
                : t("Changed elsewhere")}
          </h4>
          <Theirs conflict={conflict} field={field} ctx={ctx} />
          <button type="button" class="uz-button" onClick={() => choose(false)}>
            {t("Take this one")}
          </button>
        </div>
      </div>
    </>
  );
}

type Side = { conflict: OpenConflict; field: ReturnType<typeof described>["field"]; ctx: Ctx };

function tableOf(ctx: Ctx, change: Change): TableField | undefined {
  const { field } = described(ctx, pathOf(change).slice(0, 1));
  return field && "columns" in field ? (field as TableField) : undefined;
}

function Mine({ conflict, field, ctx }: Side) {
  const { change, row } = conflict;
  const table = tableOf(ctx, change);
  if (row && table) {
    const mended = change.op === "set" ? { ...row, [change.path[2] as string]: change.value } : row;
    return <ReadRow field={table} row={mended as Row} ctx={ctx} lang={ctx.writing} />;
  }
  if (change.op === "remove_row") return <p>{ctx.t("Removed")}</p>;
  if (change.op === "clear") return <p>{ctx.t("Emptied")}</p>;
  if (change.op === "move_row") return <p>{ctx.t("Moved to another place")}</p>;
  const value = "value" in change ? change.value : undefined;
  return <Compared value={value} other={conflict.theirs} mark="ins" field={field} ctx={ctx} />;
}

function Theirs({ conflict, field, ctx }: Side) {
  const { theirs, change, row } = conflict;
  if (row || (theirs === null && pathOf(change).length === 2)) {
    return <p>{ctx.t("Removed")}</p>;
  }
  const mine = "value" in change ? change.value : undefined;
  return <Compared value={theirs} other={mine} mark="del" field={field} ctx={ctx} />;
}

/** Levels of a rubric: one for each criterion, with what it looks like, and a sentence. */
import { isAssessed, type LevelPart, type Levels } from "../../model/kinds/levels";
import type { LevelsField, Parts } from "../../model/types";
import type { ControlProps } from "../control";
import { UserText } from "../user-text";
import { arrived } from "./arriving";
import type { ReadingProps } from "./base";
import { OptionRow } from "./choice";
import { withPart } from "./parts";
import { Count, PlainText } from "./text";

function LevelsInput({ field, id, value, ctx, set }: ControlProps<LevelsField>) {
  const { t } = ctx;
  const answers = value as Levels | undefined;
  const change = (criterion: string, part: LevelPart, answer: number | string | undefined) =>
    set(withPart(answers, criterion, part, answer) as Parts | undefined);
  return (
    <>
      {field.criteria.map((criterion, at) => {
        const here = `${id}-${criterion.id}`;
        const answer = answers?.[criterion.id];
        const reason = String(answer?.reason ?? "");
        return (
          <fieldset class="uz-rating" key={criterion.id} id={here}>
            <legend>
              {at + 1}. {criterion.label}
            </legend>
            <div class="uz-options">
              {field.levels.map((label, level) => (
                <OptionRow
                  key={label}
                  type="radio"
                  id={`${here}-level-${level}`}
                  name={`${here}-level`}
                  option={{ id: String(level), label, help: criterion.descriptors[level] ?? null }}
                  checked={answer?.level === level}
                  onChange={() => change(criterion.id, "level", level)}
                />
              ))}
            </div>
            <label class="uz-label" for={`${here}-reason`}>
              {t("What shows it? One sentence.")}
            </label>
            <PlainText
              id={`${here}-reason`}
              text={reason}
              grows={true}
              lang={ctx.writing}
              describedby={`${here}-reason-count`}
              onText={(text) => change(criterion.id, "reason", text === "" ? undefined : text)}
            />
            <Count
              id={`${here}-reason-count`}
              field={{ max: field.max ?? null }}
              text={reason}
              ctx={ctx}
            />
            {answer && (
              <button
                type="button"
                class="uz-link"
                onClick={() => {
                  const { [criterion.id]: _, ...rest } = answers ?? {};
                  set(Object.keys(rest).length > 0 ? (rest as Parts) : undefined);
                }}
              >
                {t("Clear this answer")}
                <span class="uz-hidden"> {criterion.label}</span>
              </button>
            )}
          </fieldset>
        );
      })}
      <p class="uz-count">
        {t("{count} of {of} rated", {
          count: Object.values(answers ?? {}).filter(isAssessed).length,
          of: field.criteria.length,
        })}
      </p>
    </>
  );
}

function LevelsReading({ field, value, ctx, lang }: ReadingProps<LevelsField>) {
  const answers = (value ?? {}) as Levels;
  return (
    <dl class="uz-row">
      {field.criteria.map(({ id, label, descriptors }) => {
        const { level, reason } = answers[id] ?? {};
        const at = Number(level);
        return (
          <div key={id}>
            <dt>{label}</dt>
            <dd>
              {level === undefined ? (
                "–"
              ) : (
                <>
                  <strong>{field.levels[at]}</strong>: {descriptors[at]}
                </>
              )}
              {reason ? (
                <div>
                  <UserText text={String(reason)} i18n={ctx} {...(lang ? { lang } : {})} />
                </div>
              ) : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

arrived<LevelsField>("levels", { Control: LevelsInput, Reading: LevelsReading });

/**
 * The plan at a glance: how far it has come, what is past its date, which kinds of step it still
 * lacks. Advice, never blame: nothing here is red, and each remark comes with a way to act on it.
 */
import type { Field, I18n, Mode, Option } from "../model/types";
import type { Step } from "./model";
import type { RuleLike } from "./roles";
import { coverage, progress } from "./status";

interface GlanceProps {
  steps: readonly Step[];
  rule: RuleLike | null;
  group: Field | null;
  i18n: I18n;
  mode: Mode;
  onJump: (id: string) => void;
  onAdd: (group: string) => void;
}

export function Glance({ steps, rule, group, i18n, mode, onJump, onAdd }: GlanceProps) {
  const { n } = i18n;
  const sum = progress(steps);
  const late = sum.overdue.flatMap((index) => steps[index] ?? []);
  return (
    <div class="uz-plan-glance">
      <div class="uz-plan-glance-part">
        <p class="uz-plan-glance-count">
          {n("{done} of {count} step done", "{done} of {count} steps done", sum.of, {
            done: sum.done,
          })}
        </p>
        <span class="uz-plan-glance-bar" aria-hidden="true">
          <span style={{ width: sum.of === 0 ? "0" : `${(100 * sum.done) / sum.of}%` }} />
        </span>
      </div>
      {late.length > 0 ? (
        <div class="uz-plan-glance-part">
          <p>
            {n(
              "{count} step is past its date. Is it done, or does it need a new date?",
              "{count} steps are past their dates. Are they done, or do they need new dates?",
              late.length,
            )}
          </p>
          <ul class="uz-plan-chips">
            {late.map((step) => (
              <li key={step.id}>
                {mode === "edit" ? (
                  <button type="button" class="uz-plan-chip" onClick={() => onJump(step.id)}>
                    <span aria-hidden="true">! </span>
                    {step.name}
                  </button>
                ) : (
                  <span class="uz-plan-chip">
                    <span aria-hidden="true">! </span>
                    {step.name}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {rule !== null && group && "options" in group ? (
        <Kinds steps={steps} rule={rule} group={group} i18n={i18n} mode={mode} onAdd={onAdd} />
      ) : null}
    </div>
  );
}

interface KindsProps extends Pick<GlanceProps, "steps" | "i18n" | "mode" | "onAdd"> {
  rule: RuleLike;
  group: Extract<Field, { options: Option[] }>;
}

function Kinds({ steps, rule, group, i18n, mode, onAdd }: KindsProps) {
  const { t, n } = i18n;
  const held = coverage(
    rule,
    steps.map((step) => step.group?.id),
  );
  const label = (option: string) =>
    group.options.find((candidate) => candidate.id === option)?.label ?? option;
  const missing = held.all.filter((entry) => !entry.covered).length + (held.anyCovered ? 0 : 1);
  const add = (option: string) =>
    mode === "edit" ? (
      <button
        type="button"
        class="uz-plan-chip uz-plan-chip-add"
        aria-label={t("Add a step: {kind}", { kind: label(option) })}
        onClick={() => onAdd(option)}
      >
        <span aria-hidden="true">+ </span>
        {label(option)}
      </button>
    ) : (
      <span class="uz-plan-chip uz-plan-chip-add">
        <span aria-hidden="true">○ </span>
        {label(option)}
      </span>
    );
  const there = (option: string) => (
    <span class="uz-plan-chip uz-plan-chip-held">
      <span aria-hidden="true">✓ </span>
      {label(option)}
      <span class="uz-hidden"> ({t("in the plan")})</span>
    </span>
  );
  return (
    <div class="uz-plan-glance-part">
      <p>
        {held.complete
          ? t("The plan has every kind of step it needs.")
          : n(
              "{count} kind of step is still missing.",
              "{count} kinds of steps are still missing.",
              missing,
            )}
      </p>
      <ul class="uz-plan-chips">
        {held.all.map(({ option, covered }) => (
          <li key={option}>{covered ? there(option) : add(option)}</li>
        ))}
        {held.any.length > 0 ? (
          <li key="any" class="uz-plan-chips-any">
            {held.anyCovered
              ? held.any
                  .filter((option) => steps.some((step) => step.group?.id === option))
                  .map((option) => <span key={option}>{there(option)}</span>)
              : held.any.map((option, index) => (
                  <span key={option}>
                    {index > 0 ? <span class="uz-plan-chips-or">{t("or")}</span> : null}
                    {add(option)}
                  </span>
                ))}
          </li>
        ) : null}
      </ul>
    </div>
  );
}

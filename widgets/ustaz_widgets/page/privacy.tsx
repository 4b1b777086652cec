/** Which questions the course staff or the facilitator may not read, before a workbook is sent. */
import type { Ctx } from "../form/types";

/** Nothing where the host did not say which questions are closed: it must not claim too much. */
export function Privacy({ ctx }: { ctx: Ctx }) {
  const { t, definition } = ctx;
  const { closed } = definition;
  if (!closed) return null;
  const staysHere = closed.filter((question) => !question.staff);
  const staffOnly = closed.filter((question) => question.staff);
  return (
    <>
      <h3>{t("What stays with you")}</h3>
      {closed.length === 0 ? (
        <p>
          {t("Nothing here is private: your facilitator and the course staff can read all of it.")}
        </p>
      ) : staysHere.length === 0 ? (
        <p>{t("Everything is sent.")}</p>
      ) : (
        <ul>
          {staysHere.map(({ label, facilitator }) => (
            <li key={label}>
              {label}:{" "}
              {facilitator
                ? t("only you and your facilitator can read it")
                : t("only you can read it")}
            </li>
          ))}
        </ul>
      )}
      {staffOnly.length > 0 && (
        <p>
          {t("The course staff can read it, and your facilitator cannot: {questions}.", {
            questions: staffOnly.map(({ label }) => label).join(" · "),
          })}
        </p>
      )}
    </>
  );
}

/** What was submitted, and whether the page still shows just that. */
import { useState } from "preact/hooks";
import { same } from "../model/changes";
import type { PageData } from "../model/page-data";
import { submissionContent } from "../model/submission-content";
import type { Answers, Round } from "../model/types";
import type { Receipt } from "../sync/api";
import type { Store } from "../sync/types";
import type { Words } from "./load";

interface Rounds {
  /** `current` holds for what stands on the page now, not for what stood there when it was opened. */
  rounds: Round[];
  /** A receipt came, for these answers: writing may have gone on meanwhile. */
  sent: (receipt: Receipt, what: unknown) => void;
}

export function useRounds(data: PageData, known: Words, stores: Record<string, Store>): Rounds {
  const now = (answersOf: (workbook: string) => Answers | undefined): unknown => {
    const own = known.definitions[data.workbook];
    return own ? submissionContent(own, known.definitions, answersOf) : null;
  };
  const [rounds, setRounds] = useState<Round[]>(data.rounds ?? []);
  // As the server has it: what this browser kept from an earlier visit is a change already.
  const [last, setLast] = useState<unknown>(() =>
    now(
      (workbook) =>
        (workbook === data.workbook ? data : data.linked?.[workbook])?.document?.answers,
    ),
  );
  const unchanged = same(
    last,
    now((workbook) => stores[workbook]?.answers),
  );
  return {
    rounds: rounds.map((round) =>
      round.current && !unchanged ? { ...round, current: false } : round,
    ),
    sent: (receipt, what) => {
      const others = rounds.filter((round) => round.round !== receipt.round);
      setRounds([...others, { ...receipt, current: true }]);
      setLast(what);
    },
  };
}

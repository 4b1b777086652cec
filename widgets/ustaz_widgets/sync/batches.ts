/** What waits to be sent, and what it makes of the document: pure functions for the store. */
import { applyChanges, coalesce, independent, uuid } from "../model/changes";
import { untouched } from "../model/transcription";
import type { Change, Document, Saved } from "../model/types";
import { isPartOf } from "./conflicts";
import { folded } from "./failing";
import type { Kept, OpenConflict, Refused, SealedBatch } from "./journal";

/** `typist`: what somebody types in for the owner keeps its mark; what the owner changes loses it. */
function withChanges(document: Document, changes: readonly Change[], typist: boolean): Document {
  const after = { ...document, answers: applyChanges(document.answers, changes) };
  const left = typist ? document.entered : untouched(document.entered, changes);
  if (left) after.entered = left;
  for (const change of changes) {
    if (change.op === "status") after.status = change.value;
    if (change.op === "lang") after.lang = change.value;
  }
  return after;
}

/** The document with every local change applied. */
export function overlaid(
  base: Document,
  batches: readonly SealedBatch[],
  conflicts: readonly OpenConflict[],
  refused: readonly Refused[],
  typist: boolean,
): Document {
  const changes = [
    ...refused
      .filter((refusal) => !refusal.unfit && !refusal.aside)
      .map((refusal) => refusal.change),
    ...batches.filter((batch) => !batch.aside).flatMap((batch) => batch.changes),
  ];
  // The person's own text stays in the field until they have chosen.
  const undecided = conflicts
    .map((conflict) => conflict.change)
    .filter(({ op }) => op === "set" || op === "clear" || op === "add_row");
  return withChanges(base, [...changes, ...undecided], typist);
}

/** The document after the server took a batch and said no more than that. */
export function grown(base: Document, batch: SealedBatch, saved: Saved, typist: boolean): Document {
  const after = { ...base, revision: saved.revision, updated_at: saved.saved_at };
  return batch.aside ? after : withChanges(after, batch.changes, typist);
}

/** Add a change to the batch that is still open, or to a new one. */
export function enqueue(
  batches: SealedBatch[],
  change: Change,
  client: string,
  base_revision: number,
): void {
  const open = batches.at(-1);
  const free = open && !open.tried && !open.alone && !open.aside;
  if (free && open.client === client && open.base_revision === base_revision) {
    open.changes = coalesce(open.changes, change);
  } else {
    batches.push({ batch: uuid(), client, base_revision, changes: [change] });
  }
}

/** Put what an earlier page left behind before what this one has not tried to send. */
export function adopted(own: readonly SealedBatch[], kept: Kept): SealedBatch[] {
  // A batch that was never sent gets a new id: its first page may still wake up and add to it.
  const taken = kept.batches.map(({ failed: _, since: __, ...batch }) =>
    batch.tried ? batch : { ...batch, batch: uuid() },
  );
  const tried = own.filter((batch) => batch.tried);
  return [...tried, ...taken, ...own.filter((batch) => !batch.tried)];
}

/** What waits on top of one revision waits on top of another now. */
export function rebase(batches: readonly SealedBatch[], from: number, to: number): void {
  for (const batch of batches) if (batch.base_revision === from) batch.base_revision = to;
}

/** Take out of the batches what was typed since into the place of a conflict: part of "yours". */
export function absorbed(batches: readonly SealedBatch[], conflict: OpenConflict): SealedBatch[] {
  for (const batch of batches) {
    if (batch.aside) continue;
    const newer = batch.changes.filter((change) => isPartOf(conflict, change));
    if (newer.length === 0) continue;
    conflict.change = newer.reduce(folded, conflict.change);
    batch.changes = batch.changes.filter((change) => !newer.includes(change));
  }
  return batches.filter((batch) => batch.changes.length > 0);
}

/** A batch as it is sent. */
export function sealed(batch: SealedBatch, lang: string): object {
  const { client, base_revision, changes, aside } = batch;
  return { batch: batch.batch, client, base_revision, changes, lang, ...(aside ? { aside } : {}) };
}

/** Those of the first batches that may overtake each other on their way. */
export function commuting(batches: readonly SealedBatch[]): SealedBatch[] {
  const [first, ...rest] = batches;
  const ready = first ? [first] : [];
  const ahead = [...(first?.changes ?? [])];
  for (const batch of rest) {
    if (!independent(ahead, batch.changes)) break;
    ready.push(batch);
    ahead.push(...batch.changes);
  }
  return ready;
}

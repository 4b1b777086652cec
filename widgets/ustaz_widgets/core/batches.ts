/** What waits to be sent, and what it makes of the document: pure functions for the store. */
import { applyChanges, coalesce, independent, key, overlaps, pathOf, uuid } from "./changes";
import { untouched } from "./entered";
import type { Kept, OpenConflict, Refused, SealedBatch } from "./journal";
import type { Problem } from "./transport";
import type { Change, Document, Saved } from "./types";

const writes = (change: Change) => change.op === "set" || change.op === "clear";

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
  typist: boolean,
): Document {
  const changes = batches.flatMap((batch) => batch.changes);
  // The person's own text stays in the field until they have chosen.
  const undecided = conflicts.map((conflict) => conflict.change).filter(writes);
  return withChanges(base, [...changes, ...undecided], typist);
}

/** The document after the server took a batch and said no more than that. */
export function grown(base: Document, batch: SealedBatch, saved: Saved, typist: boolean): Document {
  const after = { ...base, revision: saved.revision, updated_at: saved.saved_at };
  return withChanges(after, batch.changes, typist);
}

/** Add a change to the batch that is still open, or to a new one. */
export function enqueue(
  batches: SealedBatch[],
  change: Change,
  client: string,
  base_revision: number,
): void {
  const open = batches.at(-1);
  if (open && !open.tried && open.client === client && open.base_revision === base_revision) {
    open.changes = coalesce(open.changes, change);
  } else {
    batches.push({ batch: uuid(), client, base_revision, changes: [change] });
  }
}

/** Put what an earlier page left behind before what this one has not tried to send. */
export function adopted(own: readonly SealedBatch[], kept: Kept): SealedBatch[] {
  // A batch that was never sent gets a new id: its first page may still wake up and add to it.
  const taken = kept.batches.map((one) => (one.tried ? one : { ...one, batch: uuid() }));
  const tried = own.filter((one) => one.tried);
  return [...tried, ...taken, ...own.filter((one) => !one.tried)];
}

/** What waits on top of one revision waits on top of another now. */
export function rebase(batches: readonly SealedBatch[], from: number, to: number): void {
  for (const batch of batches) if (batch.base_revision === from) batch.base_revision = to;
}

/** Take out of the batches what was typed since into the place of a conflict: part of "yours". */
export function absorbed(batches: readonly SealedBatch[], conflict: OpenConflict): SealedBatch[] {
  const path = key(pathOf(conflict.change));
  for (const batch of batches) {
    const newer = batch.changes.filter((one) => writes(one) && key(pathOf(one)) === path);
    if (newer.length === 0) continue;
    conflict.change = newer.at(-1) as Change;
    batch.changes = batch.changes.filter((change) => !newer.includes(change));
  }
  return batches.filter((batch) => batch.changes.length > 0);
}

/** Make a batch of each change, so that one at fault does not hold up the others. */
export function singles(batch: SealedBatch): SealedBatch[] {
  const { base_revision, client } = batch;
  return batch.changes.map((change) => ({
    batch: uuid(),
    client,
    base_revision,
    changes: [change],
    tried: false,
  }));
}

/** The other batches, and this one last, unless its place was written anew since. */
export function setAside(batches: readonly SealedBatch[], batch: SealedBatch): SealedBatch[] {
  const [change] = batch.changes;
  const rest = batches.filter((other) => other !== batch);
  const path = change ? pathOf(change) : [];
  const newer = rest.some((other) => other.changes.some((later) => overlaps(pathOf(later), path)));
  batch.batch = uuid();
  batch.tried = false;
  return newer ? rest : [...rest, batch];
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

/** What the server will not take, to be shown and copied. */
export function refusal(change: Change, problem: Problem): Refused {
  const message = [problem.message, problem.hint].filter(Boolean).join(" ");
  return { id: uuid(), change, ...(message ? { message } : {}) };
}

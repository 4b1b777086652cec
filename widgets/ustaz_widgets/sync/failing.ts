/**
 * What becomes of a change that the server does not take: it is tried by itself, the others go first,
 * and when they are taken and it is not, it is set apart for the person. Pure functions for the store.
 */
import { overlaps, pathOf, uuid } from "../model/changes";
import type { Change, Document } from "../model/types";
import type { Refused, SealedBatch } from "./journal";
import type { Problem } from "./transport";

const writes = (change: Change) => change.op === "set" || change.op === "clear";

/** Must the later change not be sent before the earlier one? */
export function depends(earlier: Change, later: Change): boolean {
  if (!overlaps(pathOf(earlier), pathOf(later))) return false;
  // Where a row stands and what stands in its cells do not touch each other.
  return !(
    (earlier.op === "move_row" && writes(later)) ||
    (later.op === "move_row" && writes(earlier))
  );
}

/** One change that does what two at the same place do, one after the other. */
export function folded(earlier: Change, later: Change): Change {
  if (earlier.op === "add_row") {
    const { value } = earlier;
    if (later.op === "add_row") return { ...earlier, value: { ...value, ...later.value } };
    if (later.op === "move_row") return { ...earlier, after: later.after };
    if (writes(later)) {
      const { [later.path[2] as string]: _, ...rest } = value;
      const cell = later.op === "set" ? { [later.path[2] as string]: later.value } : {};
      return { ...earlier, value: { ...rest, ...cell } as typeof value };
    }
  }
  if (later.op === "add_row" && earlier.op === "set") {
    const cell = { [earlier.path[2] as string]: earlier.value };
    return { ...later, value: { ...cell, ...later.value } as typeof later.value };
  }
  return earlier.op === "remove_row" && later.op === "move_row" ? earlier : later;
}

/** Make a batch of each change, so that one at fault does not hold up the others. */
export function singles(batch: SealedBatch): SealedBatch[] {
  const apart: Change[] = [];
  for (const change of batch.changes) {
    let whole = change;
    let place = apart.length;
    for (let at = apart.length - 1; at >= 0 && !batch.aside; at -= 1) {
      if (!depends(apart[at] as Change, whole)) continue;
      whole = folded(apart[at] as Change, whole);
      apart.splice(at, 1);
      place = at;
    }
    apart.splice(place, 0, whole);
  }
  return apart.map((change) => single(batch, change));
}

/** A batch of one change, from where another was written. */
export function single(
  from: Pick<SealedBatch, "client" | "base_revision" | "aside">,
  change: Change,
): SealedBatch {
  const { base_revision, client, aside } = from;
  const batch = { batch: uuid(), client, base_revision, changes: [change], alone: true };
  return aside ? { ...batch, aside } : batch;
}

/**
 * A batch of one change that failed, behind all that need not wait for it.
 *
 * What was written since at the same place becomes part of it: that is another change then, which
 * may well succeed.
 */
export function heldBack(batches: readonly SealedBatch[], failing: SealedBatch): SealedBatch[] {
  const first = failing.changes[0] as Change;
  let change = first;
  const rest: SealedBatch[] = [];
  for (const other of batches) {
    if (other === failing) continue;
    const left = other.changes.filter((later) => {
      if (other.aside || failing.aside || !depends(change, later)) return true;
      change = folded(change, later);
      return false;
    });
    if (left.length === other.changes.length) rest.push(other);
    else if (left.length > 0) rest.push({ ...other, batch: uuid(), tried: false, changes: left });
  }
  return [...rest, change === first ? failing : single(failing, change)];
}

/** What waits at the place of a change, made one with it; undefined when nothing does. */
export function joined(
  waiting: { client?: string; base_revision?: number; change: Change },
  change: Change,
): SealedBatch | undefined {
  const { client, base_revision } = waiting;
  if (client === undefined || base_revision === undefined) return undefined;
  if (!depends(waiting.change, change)) return undefined;
  return single({ client, base_revision }, folded(waiting.change, change));
}

/** What the server did not take, one entry for each change, with what it said. */
export function refusedOf(batch: SealedBatch, problem: Problem): Refused[] {
  const { client, base_revision, aside } = batch;
  const message = [problem.message, problem.hint].filter(Boolean).join(" ");
  return batch.changes.map((change) => ({
    id: uuid(),
    change,
    client,
    base_revision,
    ...(aside ? { aside } : {}),
    // It does not fit the workbook: shown by itself, and not in its place.
    ...(problem.kind === "refused" ? { unfit: true } : {}),
    ...(message ? { message: message } : {}),
  }));
}

/** Which one to send: what has failed by itself lets the others go first. */
export function nextOf(batches: readonly SealedBatch[]): SealedBatch | undefined {
  return batches.find((batch) => !(batch.alone && batch.failed)) ?? batches[0];
}

/** So often is enough to think that it is this change which cannot be taken. */
export const FEW = 3;

/** Has a batch of one change failed so often that others going through would make it suspicious? */
export function atFault({ alone, changes, failed = 0 }: SealedBatch, { kind }: Problem): boolean {
  if (kind === "newer" || kind === "too_large" || !(alone || changes.length === 1)) return false;
  // A poor network fails now and then without anything being wrong.
  return failed >= (kind === "offline" ? FEW + 1 : FEW);
}

/** Our own refusals say what is wrong; that is then so for every change. */
export const isDoubtful = ({ error }: Problem): boolean => !error || error === "internal";

/** Trying again as it is does not help. */
export const isFinal = ({ kind }: Problem): boolean => kind === "refused" || kind === "too_large";

/** A batch that changes nothing: whether the server takes anything at all. */
export const nothingNew = (client: string, { status, revision }: Document): SealedBatch =>
  single({ client, base_revision: revision }, { op: "status", value: status });

/**
 * What waits and what is set apart after a batch failed.
 *
 * `takes`: the server takes others, but never this one.
 */
export function afterFailure(
  batches: readonly SealedBatch[],
  batch: SealedBatch,
  problem: Problem,
  takes: boolean,
): { batches: SealedBatch[]; apart: Refused[] } {
  if (batch.changes.length > 1 && !batch.alone) {
    const answered = problem.status > 0 || problem.late;
    if (!isFinal(problem) && !answered && (batch.failed ?? 0) < 2)
      return { batches: [...batches], apart: [] };
    // One change may be at fault: send them one by one, so that the others are kept.
    const single = batches.flatMap((other) => (other === batch ? singles(batch) : [other]));
    return { batches: single, apart: [] };
  }
  batch.alone = true;
  const held = heldBack(batches, batch);
  const same = held.at(-1) === batch;
  if (!same || !(takes || problem.kind === "refused")) return { batches: held, apart: [] };
  return { batches: held.slice(0, -1), apart: refusedOf(batch, problem) };
}

/**
 * A change at a place where one failed, as one with it: what is set apart or waits without it is
 * told by `over`. Undefined where nothing has failed.
 */
export function rewritten(
  batches: readonly SealedBatch[],
  refused: readonly Refused[],
  change: Change,
  sending: SealedBatch | null,
): { whole: SealedBatch; over: SealedBatch | Refused } | undefined {
  const failed = batches.filter((batch) => batch.alone && batch.failed && batch !== sending);
  const waiting = [
    ...refused
      .filter((refusal) => !refusal.unfit)
      .map((refusal) => ({ ...refusal, over: refusal })),
    ...failed.map((batch) => ({ ...batch, change: batch.changes[0] as Change, over: batch })),
  ];
  for (const { over, ...part } of waiting) {
    const whole = part.aside ? undefined : joined(part, change);
    if (whole) return { whole, over };
  }
  return undefined;
}

/** For tests: a server that merges as `ustaz.answers.merge` does, and keeps a history. */
import { applyChange, applyChanges, key, pathOf, same, valueAt } from "../model/changes";
import type { Answers, Batch, Change, Conflict, Document, Row, Value } from "../model/types";
import { type Problem, type Request, RequestFailed } from "../sync/transport";

type Stamps = Map<string, [number, string]>;
const inRow = (path: string, row: string) => path === row || path.startsWith(`${row}/`);

export class MergingServer {
  document: Document = {
    workbook: "action-plan",
    subject: { kind: "person", id: "aigul-s" },
    status: "draft",
    revision: 0,
    updated_at: null,
    answers: {},
  };
  /** Every state that was ever saved, and every text that was put aside. */
  history: Answers[] = [];
  stamps: Stamps = new Map();
  taken = new Map<string, number[]>();
  received: Batch[] = [];
  /** What goes wrong with a batch, before it is looked at; nothing when undefined. */
  fails: (batch: Batch) => Problem | unknown | undefined = () => undefined;
  loses: () => boolean = () => false;
  #ids = 0;

  request: Request = async (method, _url, options) => {
    if (method === "GET") return structuredClone(this.document);
    const batch = structuredClone(options?.body) as Batch;
    const wrong = this.fails(batch);
    if (wrong instanceof Promise) return wrong;
    if (wrong && typeof wrong === "object" && "kind" in wrong) {
      throw new RequestFailed(wrong as Problem);
    }
    if (wrong !== undefined) return wrong;
    const answer = this.save(batch);
    if (this.loses()) throw new RequestFailed({ kind: "offline", status: 0 });
    return answer;
  };

  save(batch: Batch) {
    this.received.push(batch);
    const conflicts: Conflict[] = [];
    const base = this.document.revision;
    const known = this.taken.get(batch.batch);
    for (const index of known ?? []) {
      // A batch that comes again hears once more what was declined.
      const change = batch.changes[index] as Change;
      const theirs = this.#against(change, applyChange(this.document.answers, change), batch);
      const { answers } = this.document;
      // It was never made, though nothing may stand in its way any more.
      if (theirs === undefined && same(answers, applyChange(answers, change))) continue;
      conflicts.push({
        change,
        theirs: (theirs ?? valueAt(answers, pathOf(change)) ?? null) as Value,
      });
    }
    if (!known) {
      const declined = batch.aside ? [] : this.#merge(batch, conflicts);
      this.taken.set(batch.batch, declined);
      if (batch.aside) {
        this.history.push(applyChanges(this.document.answers, batch.changes));
        this.document = { ...this.document, revision: base + 1 };
      }
    }
    const { revision } = this.document;
    const news = conflicts.length > 0 || known || batch.base_revision !== base;
    return {
      revision,
      saved_at: "2026-11-23T14:05:00Z",
      conflicts,
      ...(news ? { document: structuredClone(this.document) } : {}),
    };
  }

  #merge(batch: Batch, conflicts: Conflict[]): number[] {
    const declined: number[] = [];
    const revision = this.document.revision + 1;
    let changed = false;
    batch.changes.forEach((change, index) => {
      const { answers, status } = this.document;
      const after = applyChange(answers, change);
      const theirs = this.#against(change, after, batch);
      if (theirs !== undefined) {
        conflicts.push({ change, theirs: theirs as Value });
        declined.push(index);
        return;
      }
      if (change.op === "status") {
        if (change.value === status) return;
        this.document = { ...this.document, status: change.value };
      } else if (same(answers, after)) return;
      changed = true;
      this.#stamp(change, revision, batch.client);
      this.document = { ...this.document, answers: after };
    });
    if (changed) {
      this.document = { ...this.document, revision, updated_at: "2026-11-23T14:05:00Z" };
      this.history.push(this.document.answers);
    }
    return declined;
  }

  /** What stands there when the change may not be made, else undefined. */
  #against(change: Change, after: Answers, batch: Batch): unknown {
    const { answers } = this.document;
    const newer = (...paths: string[]) =>
      paths.some((path) => {
        const [at, by] = this.stamps.get(path) ?? [0, ""];
        return at > batch.base_revision && by !== batch.client;
      });
    const path = pathOf(change);
    const [table = "", row] = path;
    if (path.length === 1) {
      const now = valueAt(answers, path) ?? null;
      const same_ = same(now, valueAt(after, path) ?? null);
      return change.op !== "lang" && newer(table) && !same_ ? now : undefined;
    }
    const here = `${table}/${row}`;
    const stands = valueAt(answers, path.slice(0, 2)) as Row | undefined;
    if (!stands) return change.op === "set" ? null : undefined;
    if (change.op === "move_row") {
      const ids = (from: Answers) => (from[table] as Row[]).map((one) => one.id);
      return newer(`${table}#order`) && !same(ids(answers), ids(after)) ? ids(answers) : undefined;
    }
    if (change.op === "remove_row") {
      return newer(...[...this.stamps.keys()].filter((one) => inRow(one, here)))
        ? stands
        : undefined;
    }
    const columns = change.op === "add_row" ? Object.keys(change.value) : [path[2] as string];
    const next = valueAt(after, path.slice(0, 2)) as Row;
    for (const column of columns) {
      if (newer(here, `${here}/${column}`) && !same(stands[column], next[column])) {
        return change.op === "add_row" ? stands : (stands[column] ?? null);
      }
    }
    return undefined;
  }

  #stamp(change: Change, revision: number, client: string): void {
    const path = pathOf(change);
    const here = key(path);
    const mark: [number, string] = [revision, client];
    if (change.op === "move_row") this.stamps.set(`${path[0]}#order`, mark);
    else if (change.op === "add_row" && valueAt(this.document.answers, path)) {
      for (const column of Object.keys(change.value)) this.stamps.set(`${here}/${column}`, mark);
    } else if (change.op === "add_row" || change.op === "remove_row") {
      for (const one of [...this.stamps.keys()]) if (inRow(one, here)) this.stamps.delete(one);
      if (change.op === "add_row") this.stamps.set(here, mark);
    } else this.stamps.set(here, mark);
  }

  /** Another device writes. */
  other(...changes: Change[]): void {
    this.#ids += 1;
    const base_revision = this.document.revision;
    this.save({ batch: `other-${this.#ids}`, client: "other", base_revision, changes });
    this.received.pop();
  }

  /** Does a text stand anywhere: in the answers, or in the history? */
  holds(text: string): boolean {
    return JSON.stringify([this.document.answers, this.history]).includes(JSON.stringify(text));
  }
}

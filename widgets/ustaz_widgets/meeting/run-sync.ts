/** A run that is kept in the browser at once, and sent whenever there is a connection. */
import { makeRequest } from "../sync/transport";
import { type PageData, storage } from "./page";
import { laterOf, type Run } from "./run";

const EVERY = 30_000;

interface Kept {
  run: Run;
  sent: boolean;
}

export class RunSync {
  run: Run | null;
  sent = true;
  stored = true;
  #busy = false;
  readonly #request;

  constructor(
    private readonly data: PageData & { run: Run | null },
    private readonly changed: () => void,
  ) {
    this.#request = makeRequest("_xsrf", fetch.bind(window), data.person);
    const kept = storage.read<Kept>(data.key);
    this.run = laterOf(data.run, kept?.run ?? null);
    this.sent = this.run === data.run || kept?.sent === true;
    addEventListener("online", () => void this.send());
    document.addEventListener("visibilitychange", () => void this.send());
    // Another facilitator's telephone is heard of, and what waits is tried again.
    setInterval(() => void this.send(), EVERY);
    if (!this.sent) void this.send();
  }

  set(run: Run): void {
    this.run = run;
    this.sent = false;
    this.#keep();
    this.changed();
    void this.send();
  }

  async send(): Promise<boolean> {
    const { run } = this;
    if (!run || this.#busy) return this.sent;
    this.#busy = true;
    try {
      const answer = (await this.#request("POST", this.data.save, {
        body: { run },
        keepalive: true,
      })) as { run?: Run };
      const counts = answer.run;
      if (counts && laterOf(this.run, counts) === counts) {
        this.run = counts;
        this.sent = true;
        this.#keep();
      }
    } catch {
      // Without a connection the meeting goes on; the line says that it waits.
    }
    this.#busy = false;
    this.changed();
    if (this.run !== run && !this.sent) return this.send();
    return this.sent;
  }

  #keep(): void {
    this.stored = storage.write(this.data.key, { run: this.run, sent: this.sent });
  }
}

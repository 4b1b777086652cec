/** What the timer needs of the device: a screen that stays awake, and a tone. */

/** Keep the screen awake while the page is seen; `changed` hears whether it does. */
export function stayAwake(changed: (awake: boolean) => void): void {
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      changed(true);
      lock.addEventListener("release", () => changed(false));
    } catch {
      changed(false);
    }
  };
  document.addEventListener("visibilitychange", () => void ask());
  void ask();
}

/** Tones, once somebody has switched them on: browsers make no sound before. */
export class Tones {
  #context: AudioContext | null = null;

  get on(): boolean {
    return this.#context !== null;
  }

  switch(on: boolean): boolean {
    if (!on) {
      void this.#context?.close();
      this.#context = null;
    } else if (!this.#context) {
      try {
        this.#context = new AudioContext();
        void this.#context.resume();
        this.play(1);
      } catch {
        this.#context = null;
      }
    }
    return this.on;
  }

  /** One tone warns, two say that the block is over. */
  play(times: number): void {
    const context = this.#context;
    if (!context) return;
    for (let number = 0; number < times; number += 1) {
      const start = context.currentTime + number * 0.45;
      const tone = new OscillatorNode(context, { frequency: 660, type: "sine" });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.25, start + 0.03);
      volume.gain.linearRampToValueAtTime(0, start + 0.35);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.4);
    }
  }
}

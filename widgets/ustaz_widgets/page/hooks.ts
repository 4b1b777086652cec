/** What a page listens to outside its own elements. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { StoreState } from "../sync/types";
import type { WordStore } from "./load";
import { loadKinds, loadLater } from "./load-later";

export function useOnline(): boolean {
  const [online, setOnline] = useState(globalThis.navigator?.onLine !== false);
  useEffect(() => {
    const listen = () => setOnline(navigator.onLine);
    addEventListener("online", listen);
    addEventListener("offline", listen);
    return () => {
      removeEventListener("online", listen);
      removeEventListener("offline", listen);
    };
  }, []);
  return online;
}

/** Ask before leaving, only while closing the page would lose something. */
export function useLeaveGuard(fragile: () => boolean): void {
  const ask = useRef(fragile);
  ask.current = fragile;
  useEffect(() => {
    const listen = (event: BeforeUnloadEvent) => {
      if (ask.current()) event.preventDefault();
    };
    addEventListener("beforeunload", listen);
    return () => removeEventListener("beforeunload", listen);
  }, []);
}

/**
 * Run something once no pointer is pressed.
 *
 * A field is left when the pointer goes down on a button. Advice that appeared at that moment would
 * move the button away, and the press would come to nothing.
 */
export function useAfterPress(): (run: () => void) => void {
  const state = useRef({ pressed: false, waiting: [] as (() => void)[] }).current;
  useEffect(() => {
    const down = () => {
      state.pressed = true;
    };
    const up = () => {
      state.pressed = false;
      // After the click that this may become.
      setTimeout(() => {
        for (const run of state.waiting.splice(0)) run();
      }, 0);
    };
    addEventListener("pointerdown", down, true);
    addEventListener("pointerup", up, true);
    addEventListener("pointercancel", up, true);
    return () => {
      removeEventListener("pointerdown", down, true);
      removeEventListener("pointerup", up, true);
      removeEventListener("pointercancel", up, true);
    };
  }, [state]);
  return (run) => {
    if (state.pressed) state.waiting.push(run);
    else run();
  };
}

/**
 * Say of saving what is worth hearing: the first save, that something waits for a choice, that it
 * failed, that it went well again, and what was asked for. The twenty saves of half a minute of
 * typing are silent. Returns how to ask.
 */
export function useSaveNews(
  state: StoreState,
  words: string,
  /** What happened and what to do, where saving has failed. */
  trouble: string,
  announce: (text: string) => void,
): () => void {
  const known = useRef({ state, worth: true }).current;
  useEffect(() => {
    if (state === known.state) return;
    known.state = state;
    if (state === "choose") announce(words);
    // The notice that appears holds the same words; what appears together with its words is not heard.
    if (state === "kept") announce(trouble || words);
    if (state === "kept" || state === "choose") known.worth = true;
    if (state !== "saved" || !known.worth) return;
    known.worth = false;
    announce(words);
  }, [state, words]);
  return () => {
    if (state === "saved") announce(words);
    else known.worth = true;
  };
}

const TRIES = [0, 2000, 10_000];

/** A part of the page that comes when it is wanted: undefined while it is on its way, null when none came. */
function useFetched<T>(wanted: boolean, fetch: () => Promise<T>): T | null | undefined {
  const [part, setPart] = useState<T | null>();
  useEffect(() => {
    if (!wanted) return;
    let timer: ReturnType<typeof setTimeout>;
    const load = (at: number) => {
      fetch().then(setPart, () => {
        const wait = TRIES[at + 1];
        if (wait === undefined) setPart(null);
        else timer = setTimeout(() => load(at + 1), wait);
      });
    };
    load(0);
    return () => clearTimeout(timer);
  }, [wanted]);
  return part;
}

/** The words of the parts that come later, which are not drawn before. */
export const useRest = (wanted: boolean, words: WordStore, lang: string) =>
  useFetched(wanted, () => words.rest(lang));

/** The parts that come after the form: for whoever writes, or opens a panel. */
export const useLater = (wanted: boolean) => useFetched(wanted, loadLater);

/** For whoever types in for somebody else: whose page this is. */
export const useTypist = (wanted: boolean) => useFetched(wanted, () => import("./typist"));

/** Controls and views of kinds that few workbooks have. */
export const useKinds = (wanted: boolean) => useFetched(wanted, loadKinds);

/** The plan, which draws over the plain table; that one can be filled in meanwhile. */
export const usePlan = (wanted: boolean) => useFetched(wanted, () => import("../plan/plan"));

/** Controls and views of files, which few workbooks have. */
export const useFiles = (wanted: boolean) =>
  useFetched(wanted, () => import("../form/kinds/file").then(() => true));

/** What notices names and numbers in a text: wanted once somebody writes, or is about to send. */
export const useGuarded = (wanted: boolean) => useFetched(wanted, () => import("./guarded"));

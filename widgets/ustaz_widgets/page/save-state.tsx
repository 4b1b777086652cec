/** Whether what was written is kept: four short states, and below them what can be done. */

import type { I18n } from "../model/types";
import type { DocumentStore } from "../sync/store";
import type { Problem } from "../sync/transport";
import type { StoreState } from "../sync/types";
import { useIds } from "./ids";

export function stateWords(store: DocumentStore, { t, time }: I18n): string {
  switch (store.state) {
    case "saving":
      return t("Saving…");
    case "saved":
      return t("Saved at {time}", { time: time(store.savedAt ?? "") });
    case "kept":
      return t("Not saved, still here, trying again");
    case "choose":
      return t("Changed elsewhere: choose");
    case "unsent":
      return t("A part is not saved: look");
    default:
      return "";
  }
}

/** The most pressing of several stores: a page may show parts of other workbooks. */
export function mostPressing(stores: DocumentStore[], own: DocumentStore): DocumentStore {
  for (const state of ["kept", "choose", "unsent", "saving"] as const) {
    const pressing = stores.find((store) => store.state === state);
    if (pressing) return pressing;
  }
  // The latest acknowledgement, whichever document it was for.
  return stores.reduce(
    (best, store) => (stamp(store) > stamp(best) && store.state === "saved" ? store : best),
    own,
  );
}

const stamp = (store: DocumentStore) => Date.parse(store.savedAt ?? "") || 0;

/** Where on the page it says what to do. */
const PLACES: Partial<Record<StoreState, string>> = {
  choose: "uz-choose",
  kept: "uz-why",
  unsent: "uz-refused",
};

export function StateLine({ store, i18n }: { store: DocumentStore; i18n: I18n }) {
  const { state } = store;
  const named = useIds();
  const place = PLACES[state];
  const words = stateWords(store, i18n);
  return (
    // It changes with every pause in typing: what is worth hearing is said by `useSaveNews`.
    <p class={`uz-state uz-state--${state}`} id={named("uz-saved")} role="status" aria-live="off">
      {place ? <a href={`#${named(place)}`}>{words}</a> : words}
    </p>
  );
}

/** What happened and what to do; nothing is lost in any of these cases. */
export function problemWords(problem: Problem, { t }: I18n): string {
  switch (problem.kind) {
    case "offline":
      return t(
        "There is no connection to the server. What you write stays in this browser and is sent when the connection is back. You can go on writing.",
      );
    case "full":
      return t(
        "The server has no room left. What you write stays in this browser and is sent when there is room again. Please tell the course staff.",
      );
    case "readonly":
      return t(
        "The server can only read at the moment. What you write stays in this browser and is sent later.",
      );
    case "signed_out":
      // Signed in, but not as whom the page takes one for, or not allowed any more.
      if (problem.message && problem.error !== "signed_out") {
        return [problem.message, problem.hint].filter(Boolean).join(" ");
      }
      return t(
        "You are signed out. What you wrote stays in this browser. Sign in again in another tab, then come back here.",
      );
    case "other_person":
      return t(
        "Somebody else has signed in in this browser. What you wrote stays here and is sent when you are signed in again: sign in with your own name in another tab, then come back.",
      );
    case "too_large":
      return t(
        "This text is too long to be kept on the server. It stays here. Please shorten it, or put a part of it elsewhere.",
      );
    case "stopped":
      return t(
        "JupyterLab has stopped. What you write stays in this browser and is sent when JupyterLab runs again: open it in a new tab, then come back here.",
      );
    case "newer":
      return t(
        "This page is older than your answers. What you wrote stays in this browser. Please load the page again.",
      );
    default:
      return t(
        "The server has a difficulty. What you write stays in this browser and is sent again by itself. You can go on writing.",
      );
  }
}

interface NoticeProps {
  store: DocumentStore;
  i18n: I18n;
  home?: string;
  /** The person wants to hear how it ends. */
  onAsk: () => void;
}

export function Notice({ store, i18n, home, onAsk }: NoticeProps) {
  const { t } = i18n;
  const { problem } = store;
  const named = useIds();
  if (store.state !== "kept" || !problem) return null;
  return (
    <div class="uz-notice" id={named("uz-why")}>
      <p>{problemWords(problem, i18n)}</p>
      {store.fragile && (
        <p>
          {t(
            "This browser keeps nothing by itself: please leave this page open until it is saved.",
          )}
        </p>
      )}
      <div class="uz-actions">
        {problem.kind === "newer" ? (
          <button type="button" class="uz-button" onClick={() => location.reload()}>
            {t("Load the page again")}
          </button>
        ) : (
          <button
            type="button"
            class="uz-button"
            onClick={() => {
              onAsk();
              store.retry();
            }}
          >
            {t("Try now")}
          </button>
        )}
        {problem.kind === "stopped" ? (
          <a class="uz-button" href={store.host} target="_blank" rel="noopener">
            {t("Open JupyterLab (new tab)")}
          </a>
        ) : null}
        {(problem.kind === "signed_out" || problem.kind === "other_person") &&
        problem.error !== "xsrf" &&
        home ? (
          <a class="uz-button" href={home} target="_blank" rel="noopener">
            {t("Sign in (new tab)")}
          </a>
        ) : null}
      </div>
    </div>
  );
}

/** What the three pages of a meeting share: their data, their words, what a browser keeps. */
import { createI18n } from "../model/i18n";
import type { I18n, Messages } from "../model/types";

export interface PageData {
  /** Under which name the browser keeps what it could not send. */
  key: string;
  /** Where it is sent. */
  save: string;
  /** For whom the page was made. */
  person: string;
  revision: number;
  lang: string;
  messages: Messages;
}

export function readData<T extends PageData>(): { data: T; i18n: I18n } {
  const data = JSON.parse(document.getElementById("meeting-data")?.textContent ?? "null") as T;
  return { data, i18n: createI18n(data.lang, data.messages) };
}

/** Storage that a browser may forbid, or that may be full: then nothing is kept, and the page says so. */
export const storage = {
  read<T>(name: string): T | null {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "null") as T | null;
    } catch {
      return null;
    }
  },
  write(name: string, value: unknown): boolean {
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  names(prefix: string): string[] {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Write only what is new: a screen reader hears a region again whenever it is written. */
export function write(place: Element | null, text: string): void {
  if (place && place.textContent !== text) place.textContent = text;
}

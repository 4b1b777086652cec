/** The later part of the page, asked for once; after a failure it can be asked for again. */
type Later = typeof import("./later");

let coming: Promise<Later> | undefined;

export function loadLater(): Promise<Later> {
  coming ??= import("./later").catch((error) => {
    coming = undefined;
    throw error;
  });
  return coming;
}

/** Later parts of the page, each asked for once; after a failure one can be asked for again. */
function once<T>(fetch: () => Promise<T>): () => Promise<T> {
  let coming: Promise<T> | undefined;
  return () => {
    coming ??= fetch().catch((error) => {
      coming = undefined;
      throw error;
    });
    return coming;
  };
}

export const loadLater = once(() => import("./later"));
export const loadKinds = once(() => import("./kinds"));

/** What a section opens with, asked of the server: fetched itself when it is needed, which is rare. */
import type { Ctx } from "./types";

/** Ask for it in the reader's language; returns what puts it into its frame. */
export async function anew(ctx: Ctx): Promise<(frame: Element) => void> {
  const [html, { bringPictures }] = await Promise.all([
    ctx.api.opening(ctx.lang),
    import("./pictures"),
  ]);
  return (frame) => {
    bringPictures(frame);
    const { body } = new DOMParser().parseFromString(html, "text/html");
    frame.replaceChildren(...body.childNodes);
  };
}

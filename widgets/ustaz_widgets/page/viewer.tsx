/**
 * The component for other hosts: the book, feedback, JupyterLab.
 *
 * The style comes along as a `<link>` (a policy of `style-src 'self'` allows it), into the document
 * or into the shadow root that holds the element.
 */
import "../plan/plan";
import type { PageData } from "../model/page-data";
import type { StoreHost } from "../sync/host";
import { type Heard, type Mounted, mount as mountApp } from "./mount";

export type { Heard, Mounted, PageData };

export function mount(
  el: Element,
  data: PageData,
  heard?: (event: Heard) => void,
  host?: Partial<StoreHost>,
): Mounted {
  // An empty address: whoever mounts it has brought the style.
  if (data.css !== "") bringStyle(el, data.css ?? beside());
  return mountApp(el, { ...data, mode: data.mode ?? "read" }, false, undefined, heard, host);
}

/** `workbook.css` next to this module, where the module's address is known. */
function beside(): string {
  return new URL("workbook.css", import.meta.url).href;
}

function bringStyle(el: Element, href: string): void {
  const root = el.getRootNode();
  const place = root instanceof ShadowRoot ? root : document.head;
  const full = new URL(href, document.baseURI).href;
  const there = [...place.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  if (there.some((link) => link.href.split("?")[0] === full.split("?")[0])) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = full;
  place.append(link);
}

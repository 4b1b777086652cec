/** The style of pictures lies apart from the page's own, since most pages have none. */
const NAME = "pictures.css";

/** Bring it along, beside the page's own style, where it is not there yet. */
export function bringPictures(el: Element): void {
  const root = el.getRootNode();
  const place = root instanceof ShadowRoot ? root : document;
  if (place.querySelector(`link[href*="${NAME}"]`)) return;
  const page = place.querySelector<HTMLLinkElement>('link[href*="workbook.css"]');
  if (!page) return;
  const link = page.cloneNode() as HTMLLinkElement;
  link.href = page.href.replace(/workbook\.css.*/, NAME);
  page.after(link);
}

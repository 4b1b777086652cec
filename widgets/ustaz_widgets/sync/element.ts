/** Elements of the pages that are drawn by the server, where no component stands. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const fresh = Object.assign(document.createElement(tag), options);
  fresh.append(...children);
  return fresh;
}

/**
 * JupyterLab's colours for what is ours, light and dark: Lab's theme is chosen in Lab, and follows
 * neither the computer's preference nor ours. Where no theme of Lab is on the page, nothing changes.
 *
 * Lab's own variables are used, so another theme of somebody's own is followed too; where Lab has no
 * fitting one, two of its colours are mixed so that text keeps a contrast of 4.5 and edges one of 3.
 */
const SHOWN = ":is(.uz-page, .uz-loading, .uz-preview, .uz-themed)";

export const THEME = `
@media screen {
  body[data-jp-theme-light] ${SHOWN} {
    --uz-text: var(--jp-content-font-color1);
    --uz-muted: color-mix(in srgb, var(--jp-content-font-color1) 78%, var(--jp-layout-color1));
    --uz-paper: var(--jp-layout-color1);
    --uz-surface: var(--jp-layout-color0);
    --uz-line: var(--jp-border-color1);
    --uz-edge: color-mix(in srgb, var(--jp-content-font-color1) 60%, var(--jp-layout-color1));
    --uz-accent: var(--jp-content-link-color);
    --uz-on-accent: var(--jp-layout-color0);
    --uz-soft: color-mix(in srgb, var(--jp-content-link-color) 14%, var(--jp-layout-color1));
    --uz-warm: color-mix(in srgb, var(--jp-warn-color1) 18%, var(--jp-layout-color1));
    --uz-warm-text: var(--jp-content-font-color1);
    --uz-focus: var(--jp-content-link-color);
    color: var(--uz-text);
    background: var(--uz-paper);
  }
  body[data-jp-theme-light] .uz-themed a { color: var(--uz-accent); }
  /* Lab floats the lists of terms that stand in outputs of cells. */
  .jp-OutputArea-output .uz-page :is(dl, dt, dd) { float: none; width: auto; }
  .jp-OutputArea-output .uz-page .uz-row dd { margin: 0 0 .5rem; }
  /* A view in Lab is as wide as its tab, not as the window. */
  .uz-lab-view { container: uz-lab-view / inline-size; }
  @container uz-lab-view (max-width: 60rem) {
    .uz-page .uz-body { display: block; }
    .uz-page .uz-nav ol { position: static; }
  }
  body[data-jp-theme-light="true"] ${SHOWN} { color-scheme: light; }
  body[data-jp-theme-light="false"] ${SHOWN} { color-scheme: dark; }
}
`;

/** Put the colours into a page, once. */
export function addTheme(page: globalThis.Document = document): void {
  if (page.getElementById("uz-lab-theme")) return;
  const style = page.createElement("style");
  style.id = "uz-lab-theme";
  style.textContent = THEME;
  page.head.append(style);
}

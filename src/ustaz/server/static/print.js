/**
 * A button that prints the page. Without this script it is not there, and the browser's own
 * command does the same.
 */
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
  button.hidden = false;
}

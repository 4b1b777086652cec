/**
 * A button that prints the page. Without this script it is not there, and the browser's own
 * command does the same.
 */
// A long answer is folded on the screen; paper cannot unfold it.
addEventListener("beforeprint", () => {
  for (const answer of document.querySelectorAll("details.uz-long")) answer.open = true;
});
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
  button.hidden = false;
}

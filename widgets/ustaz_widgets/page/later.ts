/** What nobody needs before the first words: fetched when the form stands (see hooks.ts). */
export { CheckPanel } from "./check";
export { Conflicts } from "./conflicts";
export { EnteredPanel, TypistNote } from "./entered";
export { HistoryPanel } from "./history";
export { SubmitPanel } from "./submit";
export { UnsentList } from "./unsent";

/** What nobody needs before the first words: fetched when the form stands (see hooks.ts). */
export { CheckPanel } from "./check";
export { Conflicts } from "./conflicts";
export { HistoryPanel } from "./history";
export { Keys } from "./keys";
export { Paper } from "./paper";
export { SubmitPanel } from "./submit";
export { EnteredPanel } from "./transcription";
export { UnsentList } from "./unsent";

/** What nobody needs before the first words: fetched when the form stands (see hooks.ts). */
// The plan draws over the plain table, which can be filled in meanwhile.
import "../form/kinds/ratings";
import "../plan/plan";

export { CheckPanel } from "./check";
export { Conflicts } from "./conflicts";
export { HistoryPanel } from "./history";
export { SubmitPanel } from "./submit";
export { EnteredPanel, TypistNote } from "./transcription";
export { UnsentList } from "./unsent";

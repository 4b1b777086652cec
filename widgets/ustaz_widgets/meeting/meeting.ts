/** The pages of a meeting: planning, running, logging. Each works without this script. */
import { log } from "./log";
import { planner } from "./planner";
import { timer } from "./timer";

const page = document.getElementById("meeting-data")?.dataset.page;
const form = (name: string) => document.getElementById(name) as HTMLFormElement;
if (page === "plan") planner(form("plan-form"));
if (page === "now") timer(document.getElementById("timer") as HTMLElement);
if (page === "log") log(form("log-form"));

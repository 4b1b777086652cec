/** The workbook page's script: reads `#ustaz-data` and fills `#ustaz-app`. */
import type { PageData } from "../core/types";
import { mount } from "./mount";

const place = document.getElementById("ustaz-app");
const given = document.getElementById("ustaz-data");
if (place && given) mount(place, JSON.parse(given.textContent ?? "{}") as PageData, true);

/** The workbook page's script: reads `#ustaz-data` and fills `#ustaz-app`. */
import type { PageData } from "../core/types";
import { mount } from "./mount";

const place = document.getElementById("ustaz-app");
const given = document.getElementById("ustaz-data");
if (place && given) {
  const data = JSON.parse(given.textContent ?? "{}") as PageData;
  // On a facilitator's reading page the server's own main part surrounds it.
  mount(place, data, place.closest("main") === null);
}

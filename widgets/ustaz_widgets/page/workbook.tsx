/** The workbook page's script: reads `#ustaz-data` and fills `#ustaz-app`. */
import type { PageData } from "../model/page-data";
import { mount } from "./mount";

const place = document.getElementById("ustaz-app");
const source = document.getElementById("ustaz-data");
if (place && source) {
  // What the server put there for when this fails.
  const late = place.querySelector(".uz-late");
  const before = [...place.children];
  document.documentElement.classList.add("uz-root");
  const fault = () => {
    if (!late) return;
    late.classList.add("uz-now");
    place.replaceChildren(...before);
  };
  try {
    const data = JSON.parse(source.textContent ?? "{}") as PageData;
    // On a facilitator's reading page the server's own main part surrounds it.
    mount(place, data, place.closest("main") === null, fault);
  } catch (error) {
    fault();
    throw error;
  }
}

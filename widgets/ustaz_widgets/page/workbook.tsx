/** The workbook page's script: reads `#ustaz-data` and fills `#ustaz-app`. */
import type { PageData } from "../model/page-data";
import { mount } from "./mount";

const place = document.getElementById("ustaz-app");
const source = document.getElementById("ustaz-data");
if (place && source) {
  // The form of the server, with what was typed into it, for when this fails: it can be posted.
  const before = [...place.children].map((child) => child.cloneNode(true));
  document.documentElement.classList.add("uz-root");
  const fault = () => place.replaceChildren(...before);
  try {
    const data = JSON.parse(source.textContent ?? "{}") as PageData;
    // On a facilitator's reading page the server's own main part surrounds it.
    mount(place, data, place.closest("main") === null, fault);
  } catch (error) {
    fault();
    throw error;
  }
}

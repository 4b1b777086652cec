// The search of the book. The index says which pages hold a word's stem and with which weight; this
// file adds up, and shows what was found. Index and texts are scripts that call `setIndex` and
// `setPage`, so that everything also works from a USB stick. Nothing is loaded before a search.
(() => {
  // How much a word of the index counts that is not just the one that was typed.
  const LONGER = 0.6;
  const SHORTER = 0.5;
  const SYNONYM = 0.8;
  const TYPO = 0.55;
  // How many letters typed words and those of the index must share; how many may differ.
  const BEGINNING = 4;
  const BESIDE = 5;
  // What is left of the best page's weight where a page is shown at all; so many are shown in any case.
  const LEAST = 0.25;
  const FEWEST = 3;
  const FIRST_PAGES = 10;
  const PARTS_OF_A_PAGE = 2;
  const SNIPPET = 220;

  /** The letters by which two words differ, up to `most`: changed, left out, added or exchanged. */
  const distance = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [];
    let row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= b.length; j += 1) {
        next[j] = Math.min(
          row[j] + 1,
          next[j - 1] + 1,
          row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
          i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2] + 1 : most + 1,
        );
      }
      if (Math.min(...next) > most) return most + 1;
      before = row;
      row = next;
    }
    return row[b.length];
  };

  /** Terms of the index for a stem that was typed: term to how much it counts. */
  const termsFor = (index, stem) => {
    const found = new Map();
    const add = (term, share) => {
      if (index.places.has(term)) found.set(term, Math.max(share, found.get(term) ?? 0));
    };
    add(stem, 1);
    for (const group of index.synonyms) {
      if (group.includes(stem)) for (const other of group) add(other, other === stem ? 1 : SYNONYM);
    }
    const exact = found.size > 0;
    for (const term of index.terms) {
      const more = term.length - stem.length;
      if (more > 0 && more <= BESIDE && stem.length >= BEGINNING && term.startsWith(stem)) {
        add(term, exact ? LONGER / 2 : LONGER);
      } else if (more < 0 && -more <= BESIDE && term.length >= BEGINNING && stem.startsWith(term)) {
        add(term, exact ? SHORTER / 2 : SHORTER);
      }
    }
    if (found.size === 0 && stem.length > 3) {
      const most = stem.length > 7 ? 2 : 1;
      for (const term of index.terms) {
        const letters = distance(stem, term, most);
        if (letters <= most) add(term, TYPO / letters);
      }
    }
    return { terms: found, exact };
  };

  /** Pages with any of the words, the best first. */
  const find = (index, query, stems) => {
    const scores = new Map();
    const marks = new Set();
    let near = false;
    const asked = [...new Set(stems.words(query).map(({ word }) => word))].map((word) => {
      const typed = termsFor(index, stems.stem(word));
      const latin = typed.exact ? "" : stems.latin(word);
      const other = latin ? termsFor(index, latin) : typed;
      return other.exact || typed.terms.size === 0 ? other : typed;
    });
    asked.forEach(({ terms, exact }) => {
      if (terms.size === 0 || !exact) near = true;
      const best = new Map();
      for (const [term, share] of terms) {
        marks.add(term);
        for (const [page, weight] of index.weights.get(term)) {
          best.set(page, Math.max(share * weight, best.get(page) ?? 0));
        }
      }
      for (const [page, weight] of best) {
        const score = scores.get(page) ?? { sum: 0, words: 0 };
        scores.set(page, { sum: score.sum + weight, words: score.words + 1 });
      }
    });
    const scored = [...scores]
      .map(([page, { sum, words }]) => ({ page, score: sum * (1 + words / asked.length) }))
      .sort((a, b) => b.score - a.score || a.page - b.page);
    const pages = scored
      .filter(({ score }, rank) => rank < FEWEST || score >= scored[0].score * LEAST)
      .map(({ page }) => index.pages[page]);
    return { pages, marks, near: near && pages.length > 0 };
  };

  /** The index as it is looked up: a term's place, and the pages of a term with their weights. */
  const opened = ({ pages, terms, weights, synonyms }) => {
    const all = terms.split(" ");
    const places = new Map(all.map((term, place) => [term, place]));
    const of = (term) => {
      const list = weights[places.get(term)];
      const found = [];
      for (let at = 0, page = 0; at < list.length; at += 2) {
        page += list[at];
        found.push([page, list[at + 1]]);
      }
      return found;
    };
    return { pages, terms: all, places, weights: { get: of }, synonyms };
  };

  let index;
  const waiting = new Map();
  globalThis.ustazSearch = {
    find,
    opened,
    setIndex: (content) => {
      index = opened(content);
    },
    setPage: (address, content) => waiting.get(address)?.(content),
  };

  const source = globalThis.document?.getElementById("uz-search-data");
  if (!source) return;
  const stems = globalThis.ustazStems;
  const words = JSON.parse(source.textContent);
  const root = document.documentElement.dataset.content_root;
  const status = document.getElementById("uz-search-status");
  const results = document.getElementById("search-results");
  const nothing = document.getElementById("uz-search-nothing");
  const input = document.getElementById("uz-search-words");
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = element("script", { src: root + address });
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });

  /** The words of a text with whether they are what was looked for. */
  const seen = (text, marks) =>
    stems.words(text).map((place) => ({ ...place, stem: stems.stem(place.word) }))
      .filter(({ stem }) => marks.has(stem));

  /** The part of a text with most of the words, and these marked in it. */
  const snippet = (text, marks) => {
    const hits = seen(text, marks);
    let from = 0;
    let most = 0;
    for (const hit of hits) {
      const near = hits.filter(({ start }) => start >= hit.start && start < hit.start + SNIPPET - 40);
      const different = new Set(near.map(({ stem }) => stem)).size;
      if (different > most) {
        most = different;
        from = hit.start;
      }
    }
    let start = Math.max(0, from - 60);
    if (start > 0) start = text.indexOf(" ", start) + 1;
    let end = Math.min(text.length, start + SNIPPET);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + 1);
    const parts = [start > 0 ? "… " : ""];
    let at = start;
    for (const hit of hits) {
      if (hit.start < start || hit.end > end) continue;
      parts.push(text.slice(at, hit.start), element("mark", {}, text.slice(hit.start, hit.end)));
      at = hit.end;
    }
    parts.push(text.slice(at, end), end < text.length ? " …" : "");
    return parts;
  };

  /** Show the places of a page where the words stand. */
  const showPlaces = (item, href, { sections }, marks) => {
    const places = sections
      .map(([anchor, heading, text], order) => {
        const inHeading = new Set(seen(heading, marks).map(({ stem }) => stem));
        const inText = new Set(seen(text, marks).map(({ stem }) => stem));
        const all = new Set([...inHeading, ...inText]).size;
        return { anchor, heading, text, order, score: all * 2 + inHeading.size };
      })
      .filter(({ score, text, heading }) => score > 0 && (text || heading))
      .sort((a, b) => b.score - a.score || a.order - b.order)
      .slice(0, PARTS_OF_A_PAGE);
    for (const { anchor, heading, text } of places) {
      if (anchor && heading) {
        const link = element("a", { href: `${href}#${encodeURIComponent(anchor)}` }, ...marked(heading, marks));
        item.append(element("p", { class: "uz-place" }, link));
      }
      if (text) item.append(element("p", { class: "uz-snippet" }, ...snippet(text, marks)));
    }
  };
  const marked = (text, marks) => {
    const parts = [];
    let at = 0;
    for (const hit of seen(text, marks)) {
      parts.push(text.slice(at, hit.start), element("mark", {}, text.slice(hit.start, hit.end)));
      at = hit.end;
    }
    return [...parts, text.slice(at)];
  };

  const showPages = (pages, marks) => {
    for (const [address, title, part] of pages) {
      const href = `${root}${address.split("/").map(encodeURIComponent).join("/")}.html`;
      const link = element("a", { href }, ...marked(title, marks));
      const item = element("li", {}, element("h2", {}, link));
      if (part) item.append(element("p", { class: "uz-part" }, part));
      results.append(item);
      waiting.set(address, (content) => showPlaces(item, href, content, marks));
      // Where it does not come, the page is still found.
      load(`_search/${address}.js`).catch(() => {});
    }
  };

  const show = (query) => {
    const { pages, marks, near } = find(index, query, stems);
    nothing.hidden = pages.length > 0;
    const values = { count: pages.length, words: query };
    status.textContent = say(pages.length === 0 ? words.none : near ? words.near : words.found, values);
    showPages(pages.slice(0, FIRST_PAGES), marks);
    if (pages.length <= FIRST_PAGES) return;
    const button = element("button", { type: "button", class: "uz-button" }, words.more);
    button.addEventListener("click", () => {
      const first = results.children.length;
      button.remove();
      showPages(pages.slice(FIRST_PAGES), marks);
      results.children[first].querySelector("a").focus();
    });
    results.after(button);
  };

  const query = (new URLSearchParams(location.search).get("q") ?? "").trim().slice(0, 200);
  for (const field of document.querySelectorAll('input[name="q"]')) field.value = query;
  if (!query) {
    input.focus();
    return;
  }
  status.textContent = words.searching;
  load("searchindex.js").then(
    () => show(query),
    () => {
      status.textContent = words.failed;
    },
  );
})();

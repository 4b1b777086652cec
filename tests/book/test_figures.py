"""The words of the figures have room in each language: measured by a browser, which draws them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.book.conftest import ROOT
from ustaz.book import translations
from ustaz.book.figures import figures, translated
from ustaz.book.settings import LANGUAGES

#: In units of the figure: what two drawings of a letter may differ by.
ROOM = 2
#: From a label to the line beside it: letters of another telephone are a little wider.
EDGE = 5

MEASURE = """
([english, drawn, room, edge]) => {
  const put = (svg) => {
    const holder = document.createElement("div");
    holder.innerHTML = svg;
    document.body.replaceChildren(holder);
    const top = holder.querySelector("svg");
    const [x, y, width, height] = top.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    const unit = top.getBoundingClientRect().width / width;
    const at = top.getBoundingClientRect();
    const box = (element) => {
      const b = element.getBoundingClientRect();
      const left = (b.left - at.left) / unit + x;
      const up = (b.top - at.top) / unit + y;
      return { left, up, right: left + b.width / unit, down: up + b.height / unit };
    };
    const kinds = "text:not(:has(tspan)), text tspan";
    return {
      whole: { left: x, up: y, right: x + width, down: y + height },
      labels: [...top.querySelectorAll(kinds)].filter((one) => one.textContent.trim())
        .map((one) => ({ words: one.textContent.trim(), ...box(one) })),
      shapes: [...top.querySelectorAll("rect, circle, ellipse, polygon")].map(box),
    };
  };
  const inside = (a, b, by) => a.left >= b.left - by && a.right <= b.right + by
    && a.up >= b.up - by && a.down <= b.down + by;
  const area = (a) => (a.right - a.left) * (a.down - a.up);
  const meet = (a, b, by) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > by
    && Math.min(a.down, b.down) - Math.max(a.up, b.up) > by + 2;
  const upright = (a) => a.down - a.up > a.right - a.left; // turned, or a single letter
  const first = put(english);
  const then = put(drawn);
  const faults = [];
  if (first.labels.length !== then.labels.length) faults.push("not as many labels");
  then.labels.forEach((label, n) => {
    const before = first.labels[n];
    if (!inside(label, then.whole, room)) faults.push(`${label.words}: out of the figure`);
    const holder = first.shapes.map((shape, place) => [shape, place])
      .filter(([shape]) => before && inside(before, shape, room))
      .sort(([a], [b]) => area(a) - area(b))[0];
    const around = holder && then.shapes[holder[1]];
    if (around && !inside(label, around, room)) faults.push(`${label.words}: out of its shape`);
    else if (around && !upright(label)
      && Math.min(label.left - around.left, around.right - label.right) < edge) {
      faults.push(`${label.words}: touches its shape`);
    }
    then.shapes.forEach((shape, place) => {
      const here = first.shapes[place];
      if (meet(label, shape, room) && before && !meet(before, here, room)) {
        faults.push(`${label.words}: over a shape`);
      }
    });
    then.labels.slice(n + 1).forEach((other, m) => {
      const beside = first.labels[n + 1 + m];
      if (meet(label, other, room) && !(before && beside && meet(before, beside, room))) {
        faults.push(`${label.words}: over ${other.words}`);
      }
    });
  });
  return faults;
}
"""


@pytest.mark.browser
def test_every_label_of_every_figure_fits_its_place_in_every_language(chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    faults: dict[tuple[str, str], list[str]] = {}
    paths = figures(ROOT)
    assert len(paths) >= 9
    for lang in LANGUAGES:
        words = translations.read(ROOT, lang).of(translations.FIGURES)
        for path in paths:
            english = path.read_text(encoding="utf-8")
            drawn = english if lang == translations.SOURCE else translated(english, words, lang)
            found = page.evaluate(MEASURE, [english, drawn, ROOM, EDGE])
            if found:
                faults[lang, path.name] = found
    page.close()
    assert faults == {}


@pytest.mark.browser
def test_a_label_that_is_too_long_is_found(chromium: Any) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">'
        '<rect x="10" y="10" width="100" height="40"/>'
        '<text x="15" y="35" font-size="16">{one}</text><text x="15" y="80">{two}</text>'
        '<text x="150" y="80">C</text></svg>'
    )
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    short = svg.format(one="A", two="B")
    assert page.evaluate(MEASURE, [short, short, ROOM, EDGE]) == []
    found = page.evaluate(MEASURE, [short, svg.format(one="A" * 20, two="B" * 90), ROOM, EDGE])
    wide = page.evaluate(MEASURE, [short, svg.format(one="A" * 8, two="B"), ROOM, EDGE])
    page.close()
    assert wide == [f"{'A' * 8}: touches its shape"]
    assert [fault.partition(": ")[2] for fault in found] == [
        "out of its shape",
        "out of the figure",
        "over C",
    ]

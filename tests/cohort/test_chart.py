"""Counts are drawn without another library, and what people wrote in them stays text."""

from __future__ import annotations

import re

import pandas as pd

from ustaz.cohort import bars


def test_each_part_of_a_bar_carries_its_number_and_a_screen_reader_hears_all() -> None:
    frame = pd.DataFrame(
        {"doing": pd.array([1, None], dtype="Int64"), "done": [5, 2]},
        index=["Aigul S.", "Marat T."],
    )
    drawn = bars(frame)
    assert repr(drawn) == "Aigul S.: doing 1, done 5\nMarat T.: done 2"
    picture = drawn._repr_html_()
    assert 'role="img" aria-label="Aigul S.: doing 1, done 5; Marat T.: done 2"' in picture
    assert re.findall(r'text-anchor="middle" fill="#000">(\d+)', picture) == ["1", "5", "2"]
    # The longest bar has the whole length, and two fills and a legend tell the parts.
    widths = [float(one) for one in re.findall(r'width="([\d.]+)" height="20"', picture)]
    assert [round(one) for one in widths] == [73, 367, 147]
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")


def test_a_series_is_a_bar_a_value_and_nothing_is_an_empty_picture() -> None:
    assert bars(pd.Series(["done", "done", "open"]).value_counts()).rows == ("done", "open")
    empty = bars(pd.DataFrame({"done": pd.Series(dtype="Int64")}))
    assert (empty.rows, repr(empty)) == ((), "-")
    assert empty._repr_html_().startswith("<svg")


def test_hostile_names_are_text() -> None:
    frame = pd.DataFrame({'"><script>x</script>': [1]}, index=["<img src=x onerror=alert(1)>"])
    picture = bars(frame)._repr_html_()
    assert "<script" not in picture
    assert "<img" not in picture

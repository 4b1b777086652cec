from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ustaz.base import spoken_code
from ustaz.base.spoken_code import ALPHABET
from ustaz.exchange.receipt_code import code_of, tidy_code

hashes = st.binary(max_size=64).map(lambda data: hashlib.sha256(data).hexdigest())


@given(hashes)
def test_a_code_is_read_back_as_itself(sha256: str) -> None:
    code = code_of(sha256)
    assert len(code) == 9
    assert code[4] == "-"
    assert set(code) - {"-"} <= set(ALPHABET)
    assert tidy_code(code) == code


@given(hashes, hashes)
def test_the_code_depends_on_the_first_forty_bits_only(one: str, other: str) -> None:
    assert (code_of(one) == code_of(other)) == (one[:10] == other[:10])


@given(hashes)
def test_what_a_person_types_means_the_same_code(sha256: str) -> None:
    code = code_of(sha256)
    cyrillic = code.translate(str.maketrans("ABCEHKMPTX0", "АВСЕНКМРТХО"))
    latin = code.replace("0", "o").replace("1", "l").lower()
    spaced = " ".join(code.replace("-", " – "))
    for typed in (cyrillic, latin, spaced, code.replace("1", "I"), code.replace("-", "")):
        assert tidy_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFGU", "ABCD-EFG!", "😀" * 8]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert tidy_code(typed) is None


def test_the_alphabet_has_no_letters_that_are_taken_for_others() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


@pytest.mark.parametrize(
    ("length", "shape"), [(6, "XXX-XXX"), (8, "XXXX-XXXX"), (10, "XXXX-XXXX-XX"), (4, "XXXX")]
)
def test_a_code_of_any_length_is_grouped_and_found_again(length: int, shape: str) -> None:
    code = spoken_code.from_number(2**63 - 1, length)
    assert "".join("-" if char == "-" else "X" for char in code) == shape
    assert spoken_code.normalized(code.lower().replace("-", " "), length) == code


def test_a_receipt_of_another_length_leaves_sign_in_codes_alone(monkeypatch) -> None:
    from ustaz.exchange import receipt_code
    from ustaz.hub.signin import codes

    monkeypatch.setattr(receipt_code, "LENGTH", 6)
    assert len(code_of("f" * 64)) == 7
    assert codes.proof("somebody", "ABCD-EFGH") != codes.proof("somebody", "ABC-DEF")
    assert codes.LENGTH == 8

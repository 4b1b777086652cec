"""Names sort as a Kazakh list does, and are found however they are typed."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ustaz.base.ids import PERSON_ID
from ustaz.roster import find, name_key
from ustaz.roster.names import KAZAKH, latin, make_id, matches
from ustaz.roster.people import Person

ALPHABET = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
PLAIN = str.maketrans("ӘәҒғҚқҢңӨөҰұҮүҺһІіЁё", "АаГгКкНнОоУуУуХхИиЕе")

letters = st.sampled_from(ALPHABET + ALPHABET.lower())
words = st.text(letters, min_size=1, max_size=12).filter(lambda one: latin(one) != "")
names = st.lists(words, min_size=1, max_size=3).map(" ".join)


def test_the_alphabet_has_its_42_letters_in_order():
    assert len(ALPHABET) == len(set(ALPHABET)) == 42
    assert ALPHABET.lower() == KAZAKH
    assert sorted(ALPHABET, key=name_key) == list(ALPHABET)
    assert sorted(ALPHABET.lower(), key=name_key) == list(ALPHABET.lower())


@given(st.lists(names))
def test_sorting_compares_letter_by_letter_in_the_order_of_the_alphabet(listed: list[str]):
    def places(name: str) -> list[int]:
        return [-1 if one == " " else KAZAKH.index(one) for one in name.lower()]

    assert list(map(places, sorted(listed, key=name_key))) == sorted(map(places, listed))


@given(names)
def test_capitals_and_the_way_of_typing_do_not_move_a_name(name: str):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        for case in (str.upper, str.lower, str.title):
            assert name_key(unicodedata.normalize(form, case(name))) == name_key(name)


def test_latin_comes_before_cyrillic_and_shorter_before_longer():
    people = ["Ян", "Әл", "Ан", "Анна", "Zara", "Ёлка", "Елка", "Ежевика", "Іңкәр", "Ыдырыс"]
    assert sorted(people, key=name_key) == [
        "Zara", "Ан", "Анна", "Әл", "Ежевика", "Елка", "Ёлка", "Ыдырыс", "Іңкәр", "Ян",
    ]  # fmt: skip


@given(names, st.sampled_from(["NFC", "NFD"]), st.sampled_from([str.upper, str.lower]))
def test_a_name_is_found_without_kazakh_letters(name: str, form: str, case: object):
    typed = unicodedata.normalize(form, case(name.translate(PLAIN)))  # type: ignore[operator]
    assert matches(typed, name)


@given(names, st.sampled_from(["", "-", " ", " - ", "\u00a0", "."]))
def test_hyphens_and_spaces_make_no_difference(name: str, between: str):
    assert matches(between.join(name.split()), name)
    assert matches(name, between.join(name.split()))


@given(names, st.data())
def test_a_piece_of_a_name_is_enough(name: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    piece = name[start:end]
    assert matches(piece, name) or not latin(piece)


@given(names)
def test_a_name_is_found_in_latin_letters(name: str):
    assert matches(latin(name), name)
    assert matches(latin(name).title(), name)


@given(words, words)
def test_words_are_found_in_any_order(one: str, two: str):
    assert matches(f"{two} {one}", f"{one} {two}")


def test_the_usual_ways_of_writing_a_name_find_it():
    for typed, name in {
        "aigul": "Әйгүл С.",
        "aygul": "Әйгүл С.",
        "Aigúl": "Әйгүл С.",
        "аигул": "Әйгүл С.",
        "айгүл": "Айгул",
        "yerlan": "Ерлан Б.",
        "erlan": "Ерлан Б.",
        "bahyt": "Бақыт",
        "baqyt": "Бақыт",
        "bakhyt": "Бахыт",
        "zhanar": "Жанар",
        "janar": "Жанар",
        "qanat": "Қанат",
        "kanat": "Қанат",
        "alena": "Алёна",
        "gauhar": "Гауһар",
        "гаухар": "Гауһар",
        "shyngys": "Шыңғыс",
        "olga p": "Ольга П.",
        "әйгүл": "Aigul S.",
        "Ұлжан": "Ulzhan",
    }.items():
        assert matches(typed, name), (typed, name)


def test_another_name_is_not_found():
    assert not matches("марат", "Әйгүл С.", "aigul-s", "s1")
    assert not matches("...", "Әйгүл С.")
    assert matches("  ", "Әйгүл С.")


def test_finding_gives_people_in_the_order_of_names():
    people = [
        Person("b", "Өмір", ("participant",)),
        Person("a", "Омар", ("participant",)),
        Person("c", "Жанар", ("participant",)),
    ]
    assert [one.person for one in find(people, "ом")] == ["a", "b"]


@given(st.text(max_size=60), st.sets(st.sampled_from(["aigul-s", "p", "p-2", "a", "olga"])))
def test_an_id_made_from_any_name_is_an_id_and_new(name: str, taken: set[str]):
    made = make_id(name, taken)
    assert PERSON_ID.match(made)
    assert made not in taken

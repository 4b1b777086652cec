"""Write ``tests/vectors/strict_json.json``; run it after changing the table.

``python -m tests.answers.make_strict_vectors``
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

FILE = Path(__file__).parents[1] / "vectors" / "strict_json.json"

#: name, bytes, error id (None = accepted), position in bytes (None = not told).
CASES: list[tuple[str, bytes, str | None, int | None]] = [
    ("an_object", b'{"a": [1, -2.5, true, false, null, "x"]}', None, None),
    ("cyrillic_text", '{"титул": "Әлия"}'.encode(), None, None),
    ("spaces_around", b' \t\r\n{"a": 1}\r\n', None, None),
    ("a_bare_string", b'"a"', None, None),
    ("the_largest_integer", b"[9007199254740991, -9007199254740991]", None, None),
    ("escapes", b'["\\u00e9\\n\\"\\\\\\/\\u0000"]', None, None),
    ("a_pair_of_surrogate_escapes", b'["\\ud83d\\ude00"]', None, None),
    ("a_backslash_before_a_u", b'["\\\\ud83d"]', None, None),
    ("same_key_in_two_objects", b'[{"a": 1}, {"a": 2}, {"b": {"a": 3}, "a": 4}]', None, None),
    ("a_key_like_text_with_a_colon", b'["a:", "a:"]', None, None),
    ("quote_and_bracket_in_text", b'{"a": "]}\\"[{"}', None, None),
    ("deepest_allowed", b"[" * 32 + b"]" * 32, None, None),
    ("a_small_exponent", b"[1e-999, 1E5]", None, None),
    ("line_separator_in_text", '["\u2028"]'.encode(), None, None),
    ("direction_override_in_text", '["\u202eabc"]'.encode(), None, None),
    ("nothing", b"", "empty", 0),
    ("only_spaces", b" \n ", "empty", 0),
    ("byte_order_mark", b'\xef\xbb\xbf{"a": 1}', "bom", 0),
    ("utf16_little", '{"a": 1}'.encode("utf-16"), "utf16", 0),
    ("utf16_big_without_mark", '{"a": 1}'.encode("utf-16-be"), "utf16", 0),
    ("utf16_little_without_mark", '{"a": 1}'.encode("utf-16-le"), "utf16", 0),
    ("utf32", '{"a": 1}'.encode("utf-32"), "utf16", 0),
    ("latin1_text", b'{"a": "\xe9"}', "utf8", 7),
    ("overlong_slash", b'["\xc0\xaf"]', "utf8", 2),
    ("surrogate_in_utf8", b'["\xed\xa0\x80"]', "utf8", 2),
    ("cut_character", b'["\xd0', "utf8", 2),
    ("beyond_unicode", b'["\xf4\x90\x80\x80"]', "utf8", 2),
    ("one_level_too_deep", b"[" * 33 + b"]" * 33, "deep", 32),
    ("a_hundred_thousand_deep", b'{"a":[' * 50_000, "deep", 5 * 16 + 16),
    ("duplicate_key", b'{"a": 1, "a": 2}', "duplicate_key", 9),
    ("duplicate_key_inside", b'{"b": [{"a": 1, "c": 2, "a": 1}]}', "duplicate_key", 24),
    ("duplicate_key_spelled_otherwise", b'{"a": 1, "\\u0061": 2}', "duplicate_key", 9),
    ("duplicate_key_after_cyrillic", '{"ә": 1, "ә": 2}'.encode(), "duplicate_key", 10),
    ("duplicate_empty_key", b'{"": 1, "" : 2}', "duplicate_key", 8),
    ("not_a_number", b'{"a": NaN}', "not_a_number", 6),
    ("infinity", b"[Infinity]", "not_a_number", 1),
    ("minus_infinity", b"[-Infinity]", "not_a_number", 1),
    ("a_float_too_large", b"[1e999]", "number_range", 1),
    ("a_float_too_small", b"[-1.5e400]", "number_range", 1),
    ("an_integer_beyond_javascript", b"[9007199254740992]", "integer_range", 1),
    ("a_negative_integer_beyond_javascript", b"[-9007199254740992]", "integer_range", 1),
    ("five_thousand_digits", b"[" + b"7" * 5000 + b"]", "integer_range", 1),
    ("first_half_alone", b'["\\ud83d"]', "surrogate", 2),
    ("second_half_alone", b'["\\ude00"]', "surrogate", 2),
    ("halves_turned_round", b'["\\ude00\\ud83d"]', "surrogate", 2),
    ("two_first_halves", b'["\\ud83d\\ud83d\\ude00"]', "surrogate", 2),
    ("halves_with_text_between", b'["\\ud83dx\\ude00"]', "surrogate", 2),
    ("halves_with_an_escape_between", b'["\\ud83d\\n\\ude00"]', "surrogate", 2),
    ("half_in_a_key", b'{"\\ud800": 1}', "surrogate", 2),
    ("half_at_the_very_end", b'["a\\uDFFF', "surrogate", 3),
    ("line_end_in_text", b'["a\nb"]', "control", 3),
    ("null_byte_in_text", b'["abcd\x00"]', "control", 6),
    ("escape_character_in_text", b'["\x1b[31m"]', "control", 2),
    ("something_after_the_end", b'{"a": 1} x', "trailing", 9),
    ("two_values", b"{}{}", "trailing", 2),
    ("a_cut_object", b'{"a": 1', "syntax", None),
    ("a_cut_string", b'{"a": "b', "syntax", None),
    ("a_cut_escape", b'{"a": "b\\', "syntax", None),
    ("a_wrong_escape", b'["\\x41"]', "syntax", None),
    ("a_wrong_escape_in_a_key", b'{"\\x41": 1}', "syntax", None),
    ("a_comma_too_many", b"[1,]", "syntax", None),
    ("single_quotes", b"{'a': 1}", "syntax", 1),
    ("a_comment", b"[1 // one\n]", "syntax", None),
    ("a_bracket_too_many", b"]", "syntax", 0),
    ("brackets_that_cross", b'{"a": [1}]', "syntax", None),
    ("a_leading_zero", b"[01]", "syntax", None),
    ("a_plus_sign", b"[+1]", "syntax", None),
    ("a_number_with_two_points", b"[1.2.3]", "syntax", None),
    ("a_key_without_quotes", b"{a: 1}", "syntax", 1),
    ("a_number_as_key", b"{1: 1}", "syntax", 1),
    ("not_json_at_all", b"<html>", "syntax", 0),
    ("a_megabyte_and_one", b'"' + b"a" * (1 << 20) + b'"', "too_large", 1 << 20),
]


def packed(data: bytes) -> dict[str, object]:
    """Return a case's bytes, short also where they repeat."""
    for unit in (1, 6):
        for head in (0, 1):
            part = data[head : head + unit]
            times = 0
            while part and data.startswith(part, head + times * unit):
                times += 1
            if times > 40:
                tail = data[head + times * unit :]
                return {
                    "head": base64.b64encode(data[:head]).decode(),
                    "repeat": base64.b64encode(part).decode(),
                    "times": times,
                    "tail": base64.b64encode(tail).decode(),
                }
    return {"base64": base64.b64encode(data).decode()}


def unpacked(case: dict[str, object]) -> bytes:
    """Return the bytes of a case in the file."""
    if "base64" in case:
        return base64.b64decode(str(case["base64"]))
    head, unit, tail = (base64.b64decode(str(case[key])) for key in ("head", "repeat", "tail"))
    return head + unit * int(str(case["times"])) + tail


def text() -> str:
    """Return what belongs in the file."""
    cases = [
        {"name": name, **packed(data), "error": error, "position": position}
        for name, data, error, position in CASES
    ]
    about = (
        "What loads_strict (ustaz.answers) makes of bytes: error null = accepted. Bytes are"
        " base64, or head + repeat * times + tail. position: offset in bytes, null = any."
        " Caps are the defaults: 1 MiB and 32 levels."
    )
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    return f'{{\n  "about": {json.dumps(about)},\n  "cases": [\n{lines}\n  ]\n}}\n'


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")

"""Whatever is sent: refused with a sentence, or a clean picture; never a crash or a leftover."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.support import hostile_files as samples
from tests.support.hostile_files import Hostile
from ustaz.base import child_process
from ustaz.base.evidence import DOCX, JPEG, ODT, PDF, PICTURES, PNG, SUFFIXES, XLSX
from ustaz.files import REFUSALS, FileRefused, conversion
from ustaz.files.content import Content, Unusable
from ustaz.files.judging import content_of

FILES = {sample.name: sample for sample in samples.hostile()}
#: Through the real process: the costly ones, and some of every kind.
APART = [name for number, name in enumerate(FILES) if "bomb" in name or number % 40 == 0]
_KEYS = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def outcome(data: bytes) -> str | Content:
    try:
        return content_of(data)
    except Unusable as unusable:
        return unusable.id


def pictures(content: Content) -> Iterator[Content]:
    return (part for part in (content, *content.pages) if part.type in PICTURES)


def assert_harmless(content: Content) -> None:
    assert content.type in SUFFIXES
    for part in pictures(content):
        image = Image.open(io.BytesIO(part.data))
        assert image.format == {JPEG: "JPEG", PNG: "PNG"}[part.type]
        assert (image.width, image.height) == (part.width, part.height)
        assert max(image.size) <= 1600
        image.load()
        assert not set(image.info) - _KEYS
        assert not image.getexif()
        # Nothing behind the end.
        end = b"\xff\xd9" if part.type == JPEG else b"IEND\xaeB`\x82"
        assert part.data.endswith(end)
        assert part.data.count(b"IEND") <= 1
        assert samples.SECRET not in part.data
        assert b"<script" not in part.data
        # Drawn again it is the same picture: nothing but pixels is in it.
        again = content_of(part.data)
        assert (again.width, again.height) == (part.width, part.height)


def test_there_are_more_than_200_of_them():
    assert len(FILES) >= 200


@pytest.mark.parametrize("sample", FILES.values(), ids=FILES.keys())
def test_a_hostile_file_is_refused_in_words_or_made_harmless(sample: Hostile):
    result = outcome(sample.data)
    if isinstance(result, str):
        assert result in sample.outcome
        assert all(REFUSALS[result])
    else:
        assert "" in sample.outcome
        assert_harmless(result)


@pytest.mark.parametrize("name", APART)
def test_in_its_own_process_the_same_is_said(name: str):
    sample = FILES[name]
    try:
        assert_harmless(conversion.converted(sample.data))
        result = ""
    except FileRefused as refused:
        result = refused.id
    assert result in sample.outcome


@pytest.mark.parametrize(
    ("kind", "type"),
    [("jpeg", JPEG), ("png", PNG), ("webp", JPEG), ("pdf", PDF), ("docx", DOCX), ("xlsx", XLSX),
     ("odt", ODT)],
)  # fmt: skip
def test_an_honest_file_is_taken_as_what_it_is(kind: str, type: str):
    content = conversion.converted(samples.HONEST[kind]())
    assert content.type == type
    assert_harmless(content)
    assert len(content.pages) == (kind == "pdf")


def test_a_picture_is_turned_upright_and_made_small():
    wide = samples.packed(samples.gradient(4000, 3000), "JPEG", exif=samples.exif(6))
    content = content_of(wide)
    assert (content.width, content.height) == (1200, 1600)


def test_a_drawing_stays_exact_and_a_photo_becomes_a_jpeg():
    drawing = content_of(samples.packed(samples.gradient(300, 200), "PNG"))
    assert drawing.type == PNG
    image = Image.open(io.BytesIO(drawing.data)).convert("RGB")
    assert image.tobytes() == samples.gradient(300, 200).tobytes()
    noise = samples.packed(Image.effect_noise((1600, 1500), 100).convert("RGB"), "PNG")
    assert content_of(noise).type == JPEG


def test_what_is_seen_through_stays_so():
    glass = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    content = content_of(samples.packed(glass, "WEBP", lossless=True))
    assert content.type == PNG
    assert Image.open(io.BytesIO(content.data)).getpixel((5, 5))[3] == 0


def test_more_than_three_pages_are_kept_and_three_are_drawn():
    content = content_of(samples.pdf(pages=7))
    assert len(content.pages) == 3
    assert max(content.pages[0].width, content.pages[0].height) == 1600


def test_what_takes_too_long_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(FileRefused) as refused:
        conversion.converted(samples.jpeg(), patience=0.001)
    assert refused.value.id == "file_too_heavy"
    monkeypatch.setattr(conversion, "QUEUE", 0.01)
    for _ in range(conversion.AT_ONCE):
        conversion._PLACES.acquire()
    try:
        with pytest.raises(FileRefused) as refused:
            conversion.converted(samples.jpeg())
    finally:
        for _ in range(conversion.AT_ONCE):
            conversion._PLACES.release()
    assert refused.value.id == "file_busy"
    with pytest.raises(FileRefused) as refused:
        conversion.converted(b"\0" * (conversion.MOST_OF_A_FILE + 1))
    assert refused.value.id == "file_too_large"


def test_a_picture_of_fifty_million_pixels_is_read_within_the_limits():
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = conversion.converted(samples.huge_png(7_100, 7_100, rows=900))
    assert (content.width, content.height) == (1600, 1600)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 50_000


def test_a_child_that_wants_more_memory_than_it_may_have_gets_none():
    pytest.importorskip("resource")
    code = (
        "from ustaz.files.conversion import MEMORY, WORK, limit_this_process\n"
        "limit_this_process(MEMORY, WORK)\n"
        "bytearray(MEMORY)"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert child.returncode == 1
    assert b"MemoryError" in child.stderr


def test_the_child_is_the_one_with_the_limits(monkeypatch: pytest.MonkeyPatch):
    asked = {}

    def watched(module: str, data: bytes, **more: object) -> bytes | None:
        asked.update(module=module, **more)
        return child_process.ask_child(module, data, **more)

    monkeypatch.setattr(conversion, "ask_child", watched)
    conversion.converted(samples.png())
    assert asked["module"] == conversion.MODULE
    assert asked["patience"] == conversion.PATIENCE

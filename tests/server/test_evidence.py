"""Evidence files over HTTP: sent in pieces by their owner, given out as what they are."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.server.contract import check
from tests.server.helpers import Browser, Server
from tests.support import hostile_files as samples
from ustaz.base.evidence import DOCX, PDF
from ustaz.files.model import REFUSALS
from ustaz.messages import translator

API = "ustaz/api/v1/"


@pytest.fixture(scope="module")
def owner(server: Server) -> Browser:
    return server.browser("aigul-s", "kk")


def begin(browser: Browser, data: bytes, **more: Any) -> httpx.Response:
    body = {
        "name": "Сабақ.jpg",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "visible": "none",
        **more,
    }
    return check(browser.post(f"{API}files", json=body))


def put(browser: Browser, data: bytes, offset: int, piece: bytes) -> httpx.Response:
    upload = hashlib.sha256(data).hexdigest()
    headers = {"Content-Type": "application/octet-stream"}
    path = f"{API}files/{upload}?offset={offset}"
    return check(browser.request("PUT", path, content=piece, headers=headers))


def send(browser: Browser, data: bytes, size: int = 4000, **more: Any) -> httpx.Response:
    offset = begin(browser, data, **more).json()["offset"]
    while offset < len(data):
        offset = put(browser, data, offset, data[offset : offset + size]).json()["offset"]
    upload = hashlib.sha256(data).hexdigest()
    return check(browser.post(f"{API}files/{upload}/finish"))


def test_a_photo_goes_in_pieces_and_comes_back_without_its_place(owner: Browser):
    photo = samples.packed(samples.gradient(800, 600), "JPEG", exif=samples.exif(6))
    first = begin(owner, photo)
    assert first.status_code == 201
    assert put(owner, photo, 0, photo[:3000]).json() == {"offset": 3000}
    # The answer was lost, and the page sends it again; then too far, then asks.
    assert put(owner, photo, 0, photo[:3000]).json() == {"offset": 3000}
    gap = put(owner, photo, 5000, photo[5000:])
    assert (gap.status_code, gap.json()["error"], gap.json()["offset"]) == (
        409, "file_wrong_offset", 3000,
    )  # fmt: skip
    assert begin(owner, photo).json()["offset"] == 3000
    record = send(owner, photo).json()["file"]
    assert (record["type"], record["width"], record["height"]) == ("image/jpeg", 600, 800)
    assert record["name"] == "Сабақ.jpg"
    assert begin(owner, photo).json() == {"file": record}

    reply = check(owner.get(f"{API}people/aigul-s/files/{record['hash']}"))
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    assert "Content-Disposition" not in reply.headers
    assert samples.SECRET not in reply.content
    assert Image.open(io.BytesIO(reply.content)).size == (600, 800)
    again = owner.get(
        f"{API}people/aigul-s/files/{record['hash']}",
        headers={"If-None-Match": reply.headers["ETag"]},
    )
    assert again.status_code == 304
    download = owner.get(f"{API}people/aigul-s/files/{record['hash']}?download=1")
    assert download.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%D0")
    listed = check(owner.get(f"{API}files")).json()
    assert record in listed["files"]
    assert listed["used"] >= record["size"]


@pytest.mark.parametrize(("kind", "type"), [("pdf", PDF), ("docx", DOCX)])
def test_a_document_is_a_download(owner: Browser, kind: str, type: str):
    record = send(owner, samples.HONEST[kind](), name="жоспар.html").json()["file"]
    reply = check(owner.get(f"{API}people/aigul-s/files/{record['hash']}"))
    assert reply.headers["Content-Type"] == type
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert record["name"].endswith(f".{kind}")
    for page in record["pages"]:
        picture = check(owner.get(f"{API}people/aigul-s/files/{page}"))
        assert picture.headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "id"),
    [("other: svg", "file_not_taken"), ("other: html with a mark", "file_not_taken"),
     ("bomb in a docx", "file_too_heavy"), ("pdf with launch", "file_active"),
     ("heic: heic", "file_heic"), ("png without pixels", "file_damaged")],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_in_the_readers_language(
    owner: Browser, name: str, id: str
):
    data = next(sample.data for sample in samples.hostile() if sample.name == name)
    reply = send(owner, data, 200_000)
    assert reply.status_code == 422
    message, hint = (translator("kk").gettext(text) for text in REFUSALS[id])
    assert (reply.json()["error"], reply.json()["message"]) == (id, message)
    assert reply.json()["hint"] == hint
    assert hint != REFUSALS[id][1]
    # It is gone: sent again, it begins again.
    assert begin(owner, data).json()["offset"] == 0


def test_what_is_asked_wrongly_is_refused(owner: Browser, server: Server):
    data = samples.jpeg()
    assert begin(owner, data, size=6 << 20).json()["error"] == "file_too_large"
    assert "5" in begin(owner, data, size=6 << 20).json()["message"]
    for wrong in ({"visible": "all"}, {"sha256": "../x"}, {"size": "1"}, {"more": 1}):
        assert begin(owner, data, **wrong).json()["error"] == "file_bad_request"
    for offset in ("-1", "x", "", "9" * 30):
        path = f"{API}files/{'a' * 64}?offset={offset}"
        assert owner.request("PUT", path, content=b"x").json()["error"] == "file_bad_request"
    assert put(owner, b"never begun", 0, b"x").json()["error"] == "file_no_upload"
    other = owner.post(f"{API}files?by=olga-p", json={"name": "a", "size": 1,
                       "sha256": "a" * 64, "visible": "none"})  # fmt: skip
    assert other.json()["error"] == "other_account"
    with httpx.Client(base_url=server.root) as stranger:
        assert stranger.get(f"{API}files").status_code in {401, 403}


def test_nobody_else_gets_a_file_that_nothing_shows_them(owner: Browser, server: Server):
    record = send(owner, samples.png()).json()["file"]
    path = f"{API}people/aigul-s/files/{record['hash']}"
    assert owner.get(path).status_code == 200
    for person, error in (
        ("olga-p", "no_file"),
        ("dina-f", "no_file"),
        ("saule-m", "no_file"),
        ("bakhyt-d", "not_yours"),
    ):
        reply = check(server.browser(person).get(path))
        assert reply.json()["error"] == error, person

"""A photo goes with a workbook: over a connection that breaks twice, to whoever may read it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.server import helpers
from tests.server.helpers import TOKEN, Server
from tests.support import hostile_files as samples
from tests.support.browser import DESKTOP, PHONE, Watch, axe, follow, ready
from tests.support.courses import EVIDENCE, EVIDENCE_LOG, course_at
from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("USTAZ_SHOTS")

PHOTOS = "#uz-log-photos"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    library = home / "course" / "library" / "log"
    library.mkdir(parents=True)
    (library / "workbook.yml").write_text(EVIDENCE_LOG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", helpers.NOW)
        course = course_at(
            home / "course",
            "trial",
            "Teacher leadership",
            helpers.ROSTER,
            workbooks=EVIDENCE + 'companions = ["evidence"]\n',
        )
        with Server(course, home) as running:
            yield running


def visit(server: Server, context: Any, person: str, role: str, lang: str) -> Any:
    page = context.new_page()
    page.goto(f"{server.root}ustaz/?token={TOKEN}&lang={lang}")
    page.goto(f"{server.root}ustaz/?choose=1")
    page.select_option(f"#person-{role}", person)
    follow(page, f"section[aria-labelledby=role-{role}] button")
    return page


def shot(page: Any, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def answers(course: Course) -> dict[str, Any]:
    return course.store.read(Subject.person("aigul-s"), "log").answers


@pytest.mark.timeout(180)
def test_a_photo_arrives_over_a_connection_that_breaks_twice(
    server: Server, chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    photo = tmp_path / "Тақта.jpg"
    noise = Image.effect_noise((2400, 1800), 40).convert("RGB")
    photo.write_bytes(samples.packed(noise, "JPEG", exif=samples.exif(6), quality=80))
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = visit(server, context, "aigul-s", "participant", "kk")
    # The second and the fourth piece are lost on the way, each once; then the answer to one.
    pieces: list[int] = []

    def breaking(route: Any) -> None:
        if route.request.method == "PUT":
            pieces.append(len(route.request.post_data_buffer or b""))
            if len(pieces) in {2, 4}:
                route.abort("connectionreset")
                return
        route.fallback()

    context.route("**/api/v1/files/*", breaking)
    page.goto(f"{server.root}ustaz/workbooks/log?lang=kk")
    ready(page)
    field = page.locator(PHOTOS)
    field.locator("legend >> nth=0").wait_for()
    # Who can be seen is asked before anything can be chosen.
    assert field.locator("input[type=file]").count() == 0
    field.locator(f"{PHOTOS}-add").click()
    field.locator(f"{PHOTOS}-seen-none").check()
    shot(page, "file-asked")
    field.locator(f"{PHOTOS}-upload").set_input_files(photo)
    send = field.locator(f"{PHOTOS}-send")
    send.wait_for()
    shot(page, "file-offered")
    assert axe(page) == []
    send.click()
    caption = field.locator("li [id$=-caption]")
    caption.wait_for(timeout=60_000)
    assert len(pieces) >= 5
    caption.fill("Оқушылар жұппен сөйлеседі")
    caption.blur()
    page.get_by_text("Сақталды", exact=False).first.wait_for()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.uz-files img')].every(one => one.naturalWidth)"
    )
    shot(page, "file-kept")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []
    (entry,) = answers(server.course)["photos"]
    assert entry["caption"] == "Оқушылар жұппен сөйлеседі"
    assert (entry["name"], entry["type"], entry["visible"]) == ("Тақта.jpg", "image/jpeg", "none")
    kept = (server.course.people_dir / "aigul-s" / "files" / entry["hash"]).read_bytes()
    image = Image.open(io.BytesIO(kept))
    assert image.size == (1200, 1600)
    assert samples.SECRET not in kept
    assert not image.getexif()

    # Removed, it comes back.
    field.get_by_role("button", name="Тақта.jpg").click()
    assert field.locator("li [id$=-caption]").count() == 0
    field.locator(".uz-undo button").click()
    caption.wait_for()
    page.get_by_text("Сақталды", exact=False).first.wait_for()
    lost = [error for error in watch.errors if "ERR_CONNECTION_RESET" not in error]
    assert lost == []
    assert watch.outside == []
    context.close()

    submit(server.course, "aigul-s", "log", identity=acting_as(server.course, "aigul-s"))
    _others(server, chromium, entry["hash"])


def _others(server: Server, chromium: Any, sha256: str) -> None:
    """See what the facilitator and staff see of it, on pages and by its address."""
    context = chromium.new_context(viewport=DESKTOP)
    watch = Watch(context)
    page = visit(server, context, "saule-m", "staff", "ru")
    for address in ("rounds/aigul-s/log/1", "people/aigul-s/log"):
        page.goto(f"{server.root}ustaz/{address}")
        ready(page)
        picture = page.locator(".uz-files img").first
        picture.wait_for()
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") in {240, 320}
        assert picture.get_attribute("alt") == "Оқушылар жұппен сөйлеседі"
        shot(page, f"file-read-{address.split('/')[0]}")
        assert axe(page) == []
    assert watch.errors == []
    context.close()
    path = f"ustaz/api/v1/people/aigul-s/files/{sha256}"
    status = {
        person: server.browser(person).get(path).status_code
        for person in ("aigul-s", "dina-f", "saule-m", "olga-p", "bakhyt-d", "yerlan-b")
    }
    assert status == {
        "aigul-s": 200, "dina-f": 200, "saule-m": 200, "olga-p": 404, "bakhyt-d": 403,
        "yerlan-b": 403,
    }  # fmt: skip


@pytest.mark.timeout(120)
def test_what_cannot_be_taken_is_said_and_a_closed_page_goes_on(
    server: Server, chromium: Any, tmp_path: Path
) -> None:
    page_, document = tmp_path / "a.svg", tmp_path / "plan.pdf"
    page_.write_bytes(samples.SVG)
    document.write_bytes(samples.pdf(pages=2))
    context = chromium.new_context(viewport=PHONE)
    page = visit(server, context, "olga-p", "participant", "ru")
    page.goto(f"{server.root}ustaz/workbooks/log?lang=ru")
    field = page.locator(PHOTOS)
    field.locator(f"{PHOTOS}-add").click()
    field.locator(f"{PHOTOS}-seen-none").check()
    field.locator(f"{PHOTOS}-upload").set_input_files(page_)
    field.locator(f"{PHOTOS}-send").click()
    field.get_by_text("Файлы такого вида не принимаются.", exact=False).wait_for()
    shot(page, "file-refused")
    field.get_by_role("button", name="a.svg").click()
    # The connection goes, the page is closed; another page of the same field goes on.
    context.route("**/api/v1/files*", lambda route: route.abort())
    field.locator(f"{PHOTOS}-add").click()
    field.locator(f"{PHOTOS}-seen-none").check()
    field.locator(f"{PHOTOS}-upload").set_input_files(document)
    field.locator(f"{PHOTOS}-send").click()
    field.locator("progress").wait_for()
    shot(page, "file-away")
    page.close()
    context.unroute("**/api/v1/files*")
    page = context.new_page()
    page.goto(f"{server.root}ustaz/workbooks/log?lang=ru")
    caption = page.locator(f"{PHOTOS} li [id$=-caption]")
    caption.wait_for(timeout=60_000)
    download = page.locator(f"{PHOTOS} .uz-file-look")
    assert download.get_attribute("download") == "plan.pdf"
    context.close()


@pytest.mark.timeout(120)
def test_a_row_of_a_table_has_its_own_pictures(
    server: Server, chromium: Any, tmp_path: Path
) -> None:
    photo = tmp_path / "board.png"
    photo.write_bytes(samples.packed(samples.gradient(500, 300), "PNG"))
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = visit(server, context, "nurgul-a", "participant", "en")
    page.goto(f"{server.root}ustaz/workbooks/log?lang=en")
    ready(page)
    page.get_by_role("button", name="Add: Day").click()
    row = page.locator("#uz-log-days .uz-card")
    row.get_by_role("button", name="Add a file").click()
    row.get_by_role("radio", name="Adults can be seen in it, and they have agreed.").check()
    row.locator("input[type=file]:not([capture])").set_input_files(photo)
    row.get_by_role("button", name="Send").click()
    row.locator("li [id$=-caption]").wait_for(timeout=60_000)
    page.get_by_text("Saved at", exact=False).first.wait_for()
    (day,) = server.course.store.read(Subject.person("nurgul-a"), "log").answers["days"]
    (entry,) = day["pictures"]
    assert (entry["type"], entry["visible"]) == ("image/png", "adults_with_consent")
    assert axe(page) == []
    page.emulate_media(media="print")
    shot(page, "file-row")
    assert watch.errors == []
    context.close()
    path = f"ustaz/api/v1/people/nurgul-a/files/{entry['hash']}"
    assert server.browser("dina-f").get(path).status_code == 200
    assert server.browser("yerlan-b").get(path).status_code == 403


STEPS = [
    {"op": "add_row", "path": ["steps", row], "after": after, "value": {"action": words}}
    for row, after, words in [("s1a2b3c4", None, "Санақ"), ("s5d6e7f8", "s1a2b3c4", "Әңгіме")]
]


@pytest.mark.timeout(180)
def test_a_piece_of_evidence_is_kept_from_its_title_to_whom_it_is_shown(
    server: Server, chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    helpers.write(server.course, "nurgul-a", "action-plan", STEPS)
    photo = tmp_path / "board.png"
    photo.write_bytes(samples.packed(samples.gradient(520, 310), "PNG"))
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = visit(server, context, "nurgul-a", "participant", "kk")
    page.goto(f"{server.root}ustaz/workbooks/evidence?lang=kk")
    ready(page)
    log = page.locator("#uz-evidence-items")
    log.locator(".uz-entry-quick textarea").fill("Сыныптағы санақ парағы")
    log.locator(".uz-entry-quick button").click()
    entry = log.locator(".uz-entry")
    entry.locator("summary").click()
    field = {name: entry.locator(f"[id$='-{name}']") for name in ("criteria", "step", "file")}
    entry.get_by_role("radio", name="осында: фото немесе файл").check()
    for label in ("Ақылдасу және келісу", "Оқушылар үшін мені толғандыратын мәселе"):
        field["criteria"].get_by_role("checkbox", name=label).check()
    field["step"].get_by_role("radio", name="Әңгіме").check()
    field["file"].locator("[id$=-file-add]").click()
    field["file"].locator("[id$=-file-seen-none]").check()
    field["file"].locator("[id$=-file-upload]").set_input_files(photo)
    field["file"].locator("[id$=-file-send]").click()
    field["file"].locator("li [id$=-caption]").wait_for(timeout=60_000)
    entry.get_by_role("checkbox", name="курс командасы").check()
    page.get_by_text("Сақталды", exact=False).first.wait_for()
    shot(page, "evidence-log")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []
    (piece,) = server.course.store.read(Subject.person("nurgul-a"), "evidence").answers["items"]
    assert piece["title"] == "Сыныптағы санақ парағы"
    assert (piece["criteria"], piece["step"]) == (["t1", "t2"], ["s5d6e7f8"])
    assert (piece["kept_as"], piece["readers"]) == ("file", ["staff"])
    assert watch.errors == []
    context.close()
    # Without its script the page shows the same, and staff read what was shown to them alone.
    path = "ustaz/workbooks/evidence?lang=kk"
    assert 'value="s5d6e7f8" checked' in server.browser("nurgul-a").get(path).text
    address = "ustaz/people/nurgul-a/evidence?lang=kk"
    assert "Сыныптағы санақ парағы" in server.browser("saule-m").get(address).text
    assert "Сыныптағы санақ парағы" not in server.browser("dina-f").get(address).text
    picture = f"ustaz/api/v1/people/nurgul-a/files/{piece['file'][0]['hash']}"
    status = {
        person: server.browser(person).get(picture).status_code
        for person in ("nurgul-a", "saule-m", "dina-f", "olga-p")
    }
    assert status == {"nurgul-a": 200, "saule-m": 200, "dina-f": 404, "olga-p": 404}

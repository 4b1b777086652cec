"""JupyterLab under names of its own: another origin than the pages, and everything works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.hub.helpers import COURSE, LiveHub, make_hub, set_setting
from tests.hub.lab import answers, release
from tests.hub.test_lab_browser import FIELD, START, sign_in, until
from tests.support.browser import DESKTOP, browser
from ustaz.base.errors import CourseError
from ustaz.hub.config import lab_domain
from ustaz.hub.pages import csp
from ustaz.hub.settings import PREFIX, HubDir

NAME = "ustaz.localhost"  # browsers know that names of `localhost` are this computer
OWN = f"olga-p.{NAME}"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    folder = tmp_path_factory.mktemp("names")
    hub = make_hub(folder / "hub", lab="everybody", demo=True, pilot=False)
    release(hub, COURSE)
    set_setting(hub, "address", f'"http://{NAME}:{hub.settings.port}"')
    with LiveHub(set_setting(hub, "subdomains", "true")) as running:
        yield running


@pytest.fixture
def page(live: LiveHub) -> Iterator[Any]:
    with browser() as chromium:
        context = chromium.new_context(viewport=DESKTOP, base_url=live.address)
        yield sign_in(context, "olga-p")
        context.close()


@pytest.mark.browser
@pytest.mark.slow
def test_a_workbook_in_jupyterlab_is_written_from_an_origin_of_its_own(live: LiveHub, page: Any):
    page.goto(f"/hub/user-redirect/lab/tree/{COURSE}/focus/focus.ipynb?reset")
    page.wait_for_url(f"**//{OWN}:*/user/olga-p/lab**", timeout=START)
    page.locator(FIELD).wait_for(timeout=START)
    page.fill(FIELD, "Үнсіз топ")
    until(page, lambda: "focus_statement" in answers(live, COURSE, "olga-p"))
    # What runs in JupyterLab reads no page and makes no call of the pages' origin …
    tried = page.evaluate(
        "address => fetch(address, {credentials: 'include'}).then(r => r.status, e => e.name)",
        f"{live.address}{PREFIX}{COURSE}/api/v1/me",
    )
    assert tried == "TypeError"
    # … and an address of the pages under the server's name leads to the pages.
    page.goto(f"http://{OWN}:{live.hub.settings.port}{PREFIX}{COURSE}/?lang=kk")
    assert urlsplit(page.url).hostname == NAME
    assert page.locator("html").get_attribute("lang") == "kk"
    # Without a session, the sign-in leads back to the name below.
    page.goto("/hub/logout")
    page.goto(f"http://{OWN}:{live.hub.settings.port}/user/olga-p/lab")
    assert urlsplit(page.url).hostname == NAME
    page.fill("input[name=username]", "olga-p")
    page.fill("input[name=password]", "steppe wind in april")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**//{OWN}:*/user/olga-p/lab**", timeout=START)


@pytest.mark.parametrize(
    "address", ["", "http://127.0.0.1:8000", "http://localhost:8000", "https://[::1]:8000"]
)
def test_an_address_without_a_name_can_have_no_names_below_it(tmp_path: Any, address: str):
    (tmp_path / "ustaz-hub.toml").write_text(f'subdomains = true\naddress = "{address}"\n')
    with pytest.raises(CourseError, match="subdomains: needs an address with a name"):
        HubDir.open(tmp_path)


def test_people_have_names_below_the_address_and_the_pages_have_it(tmp_path: Any):
    (tmp_path / "ustaz-hub.toml").write_text(
        'subdomains = true\naddress = "https://ustaz.example.kz:8443"\n'
    )
    assert lab_domain("ustaz", "ustaz.example.kz", "service") == "ustaz.example.kz"
    assert lab_domain("saule-m", "ustaz.example.kz", "user") == "saule-m.ustaz.example.kz"
    names = {lab_domain(one, "ustaz.example.kz", "user") for one in ("a.b", "a_b", "a-b", "a@b")}
    assert len(names) == 4
    assert all(one.count(".") == 3 for one in names)
    policy = csp(HubDir.open(tmp_path).settings)
    assert "form-action 'self' https://*.ustaz.example.kz:8443;" in policy

"""The real book, built once, and a small book that tests may damage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.book_worker import LoadedWorker
from tests.support.books import both_editions
from tests.support.shared import shared
from ustaz.book import BookError, Built, build, sphinx_run, worker
from ustaz.book.build import build_all

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = Path(__file__).parent / "sample"


@pytest.fixture(scope="session", autouse=True)
def loaded_worker() -> Iterator[LoadedWorker]:
    """Build every book of these tests in children of one process, which has loaded Sphinx."""
    loaded = LoadedWorker()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sphinx_run, "run", loaded.run)
        yield loaded
    loaded.close()


@pytest.fixture
def own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build in a process of its own, as the product does."""
    monkeypatch.setattr(sphinx_run, "run", worker.run)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both editions of the real book, once in a run."""
    return both_editions(tmp_path_factory)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both editions of the real book in every language, once in a run: for long forms."""
    return shared(tmp_path_factory, "book-in-all-languages", build_all)


class Sample:
    """A copy of the sample book.

    Attributes
    ----------
    root : Path
        Its sources.
    out : Path
        Where it is built.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "source"
        self.out = folder / "site"
        shutil.copytree(SAMPLE, self.root)
        config = self.root / "_config.yml"
        text = config.read_text().replace("../../../src", str(ROOT / "src"))
        config.write_text(text)

    def edit(self, name: str, old: str, new: str) -> int:
        """Replace `old` in a file; return the line at which it stood."""
        path = self.root / name
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def build(self, edition: str = "facilitator", lang: str = "en") -> Built:
        """Build one edition; the larger one unless told otherwise."""
        return build(self.out, edition=edition, lang=lang, source=self.root)

    def complaints(self, edition: str = "facilitator") -> str:
        """Return what the build complains of."""
        with pytest.raises(BookError) as caught:
            self.build(edition)
        assert caught.value.id == "book_faults"
        return caught.value.message


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """Return a fresh copy of the sample book."""
    return Sample(tmp_path)


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both editions of the sample book, undamaged."""
    one = Sample(tmp_path_factory.mktemp("sample"))
    one.build("learner")
    one.build("facilitator")
    return one.out

"""A small site for the browser tests: the built page, and an API that keeps answers in memory.

It merges as the real server does (a change conflicts when its place was written by another client
after the batch's base revision) and fails on request, so that the page's behaviour can be shown
without a course.
"""

from __future__ import annotations

import copy
import json
import mimetypes
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "widgets" / "ustaz_widgets" / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
STAMP = "2026-11-23T{:02d}:{:02d}:00+00:00"


@dataclass
class Book:
    """One workbook: its definition by language, its document and who wrote what when."""

    definitions: dict[str, dict[str, Any]]
    linked: tuple[str, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict)
    revision: int = 0
    status: str = "draft"
    lang: str = ""
    stamps: dict[str, tuple[int, str]] = field(default_factory=dict)
    batches: dict[str, int] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return next(iter(self.definitions.values()))["id"]

    def definition(self, lang: str) -> dict[str, Any]:
        return self.definitions.get(lang) or self.definitions["en"]

    def saved_at(self, revision: int | None = None) -> str:
        revision = self.revision if revision is None else revision
        return STAMP.format(9 + revision // 60 % 12, revision % 60)

    def document(self) -> dict[str, Any]:
        return {
            "format": 1,
            "workbook": self.id,
            "definition": "1.0.0",
            "subject": {"kind": "person", "id": "aigul-s"},
            "lang": self.lang,
            "status": self.status,
            "revision": self.revision,
            "updated_at": self.saved_at() if self.revision else None,
            "answers": copy.deepcopy(self.answers),
        }

    def save(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Apply a batch as the server does."""
        base = batch["base_revision"]
        if batch["batch"] in self.batches:
            return self._told(base, 0, [])
        if batch.get("aside"):
            return self._put_aside(batch)
        conflicts, applied = [], 0
        revision = self.revision + 1
        for change in batch["changes"]:
            theirs = self._conflict(change, base, batch["client"])
            if theirs is not None:
                conflicts.append(
                    {"change": change, "theirs": theirs[0], "theirs_at": self.saved_at()}
                )
                continue
            self._apply(change)
            self.stamps["/".join(change.get("path", ["#" + change["op"]]))] = (
                revision,
                batch["client"],
            )
            applied += 1
        if applied:
            self.revision = revision
            self.versions.append(self.document())
        self.batches[batch["batch"]] = self.revision
        if not self.lang:
            self.lang = batch.get("lang") or ""
        return self._told(base, applied, conflicts)

    def _put_aside(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Keep words that were given up in a version of their own; the answers stay."""
        answers = copy.deepcopy(self.answers)
        for change in batch["changes"]:
            self._apply(change)
        self.revision += 1
        self.versions.append({**self.document(), "aside": True})
        self.answers = answers
        self.batches[batch["batch"]] = self.revision
        return self._told(batch["base_revision"], len(batch["changes"]), [])

    def _told(self, base: int, applied: int, conflicts: list[Any]) -> dict[str, Any]:
        told = {
            "revision": self.revision,
            "saved_at": self.saved_at(),
            "applied": applied,
            "conflicts": conflicts,
        }
        if conflicts or self.revision - 1 != base:
            told["document"] = self.document()
        return told

    def _conflict(self, change: dict[str, Any], base: int, client: str) -> tuple[Any] | None:
        if change["op"] not in {"set", "clear"}:
            return None
        path = change["path"]
        revision, who = self.stamps.get("/".join(path), (0, ""))
        row = self._row(path) if len(path) == 3 else None
        if len(path) == 3 and row is None:
            return (None,)
        now = row.get(path[2]) if row is not None else self.answers.get(path[0])
        if revision > base and who != client and now != change.get("value"):
            return (now,)
        return None

    def _row(self, path: list[str]) -> dict[str, Any] | None:
        rows = self.answers.get(path[0]) or []
        return next((row for row in rows if row["id"] == path[1]), None)

    def _apply(self, change: dict[str, Any]) -> None:
        op = change["op"]
        if op in {"status", "lang"}:
            setattr(self, op, change["value"])
            return
        path = change["path"]
        holder = self.answers if len(path) == 1 else (self._row(path) or {})
        if op == "set":
            holder[path[-1]] = change["value"]
        elif op == "clear":
            holder.pop(path[-1], None)
        else:
            rows = self.answers.setdefault(path[0], [])
            row = self._row(path)
            if op == "add_row" and row is not None:
                row |= change["value"]
                return
            if row is not None:
                rows.remove(row)
            if op == "remove_row" or (op == "move_row" and row is None):
                return
            row = {"id": path[1], **change["value"]} if op == "add_row" else row
            ids = [one["id"] for one in rows]
            after = change["after"]
            at = 0 if after is None else ids.index(after) + 1 if after in ids else len(rows)
            rows.insert(at, row)


@dataclass
class Site:
    """What is served, and what goes wrong on request."""

    books: dict[str, Book]
    messages: dict[str, dict[str, Any]]
    languages: tuple[str, ...] = ("en", "ru", "kk")
    #: Close the connection without an answer to calls that write.
    down: bool = False
    #: Answer calls that write with this status and error id.
    refuse: tuple[int, str] | None = None
    #: Answer a save that holds these words in this way: status and body; nothing is applied.
    poison: tuple[str, int, bytes] | None = None
    #: Take the batch, but lose the answer on its way.
    lose_answers: int = 0
    #: While this is not set, calls that write wait for their answer.
    answering: threading.Event = field(default_factory=threading.Event)
    confirmations: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self.server
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self) -> Site:
        site = self

        class Handler(_Handler):
            pass

        Handler.site = site
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.answering.set()
        # It looks whether it is to end as often as that; half a second otherwise, in every test.
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        assert self.server
        self.answering.set()
        self.server.shutdown()
        self.server.server_close()

    def data(self, workbook: str, lang: str, mode: str = "edit") -> dict[str, Any]:
        book = self.books[workbook]
        return {
            "api": "/ustaz/api/v1",
            "workbook": workbook,
            "lang": lang,
            "mode": mode,
            "xsrf_cookie": "_xsrf",
            "definition": book.definition(lang),
            "document": book.document(),
            "linked": {
                name: {
                    "definition": self.books[name].definition(lang),
                    "document": self.books[name].document(),
                }
                for name in book.linked
            },
            "status": book.status,
            "rounds": book.rounds,
            "confirmations": self.confirmations,
            "context": {
                "today": "2026-11-23",
                "programme_start": "2026-09-01",
                "programme_end": "2027-05-31",
            },
            "messages": self.messages.get(lang, {}),
            "person": {"id": "aigul-s", "name": "Aigul S."},
            "home": "/ustaz/",
            "languages": list(self.languages),
            "assignment": True,
        }


class _Handler(BaseHTTPRequestHandler):
    site: Site
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing: test output stays readable."""

    def reply(self, body: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def json(self, data: Any, status: int = 200) -> None:
        self.reply(json.dumps(data).encode(), "application/json", status)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        parts = url.path.strip("/").split("/")
        self.site.calls.append(("GET", url.path))
        if parts[:2] == ["ustaz", "static"] and (STATIC / parts[-1]).is_file():
            kind = mimetypes.guess_type(parts[-1])[0] or "text/javascript"
            self.reply((STATIC / parts[-1]).read_bytes(), kind)
        elif parts[:3] == ["ustaz", "api", "v1"]:
            self.api_get(parts[3:], query)
        elif parts[:2] == ["ustaz", "workbooks"] and len(parts) == 3:
            self.page(parts[2], query.get("lang", "en"), query.get("mode", "edit"))
        elif parts == ["ustaz", "viewer"]:
            self.reply((ROOT / "tests/widgets/viewer.html").read_bytes(), "text/html")
        else:
            page = b"<!doctype html><html lang=en><title>Home</title><h1>Home</h1>"
            self.reply(page, "text/html; charset=utf-8")

    def page(self, workbook: str, lang: str, mode: str) -> None:
        data = json.dumps(self.site.data(workbook, lang, mode)).replace("<", "\\u003c")
        html = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<title>Workbook</title><link rel="icon" href="data:,">'
            '<link rel="stylesheet" href="/ustaz/static/workbook.css"></head><body>'
            '<div id="ustaz-app"></div>'
            f'<script type="application/json" id="ustaz-data">{data}</script>'
            '<script type="module" src="/ustaz/static/workbook.js"></script></body></html>'
        )
        self.reply(
            html.encode(),
            "text/html; charset=utf-8",
            Content_Security_Policy=CSP,
            Set_Cookie="_xsrf=token; Path=/",
        )

    def api_get(self, parts: list[str], query: dict[str, str]) -> None:
        site = self.site
        if parts[0] == "messages":
            self.json(site.messages.get(parts[1], {}))
            return
        book = site.books[parts[1]]
        if len(parts) == 2:
            self.json(site.data(parts[1], query.get("lang", "en")))
        elif parts[2] == "answers":
            self.json(book.document())
        elif len(parts) == 3:
            entries = [
                {
                    "revision": one["revision"],
                    "at": one["updated_at"],
                    "who": "aigul-s",
                    "who_name": "Aigul S.",
                    "paths": sorted(one["answers"])[:3],
                    "aside": one.get("aside", False),
                }
                for one in reversed(book.versions)
            ]
            self.json({"history": entries})
        else:
            found = next(one for one in book.versions if one["revision"] == int(parts[3]))
            self.json({"revision": found["revision"], "answers": found["answers"]})

    def body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")

    def do_PATCH(self) -> None:
        self.write(self.body())

    def do_POST(self) -> None:
        self.write(self.body())

    def write(self, body: Any) -> None:
        site = self.site
        parts = urlsplit(self.path).path.strip("/").split("/")[3:]
        site.calls.append((self.command, "/".join(parts)))
        site.answering.wait()
        if site.down:
            self.close_connection = True
            self.connection.close()
            return
        if site.poison and site.poison[0] in json.dumps(body, ensure_ascii=False):
            self.reply(site.poison[2], "application/json", site.poison[1])
            return
        if site.refuse:
            status, error = site.refuse
            self.json({"error": error, "message": "", "hint": ""}, status)
            return
        if self.headers.get("X-XSRFToken") != "token":
            self.json({"error": "xsrf", "message": "", "hint": ""}, 403)
            return
        if parts == ["lang"]:
            self.json({"lang": body["lang"]})
            return
        book = site.books[parts[1]]
        if parts[2] == "answers":
            told = book.save(body)
            if site.lose_answers:
                site.lose_answers -= 1
                self.close_connection = True
                self.connection.close()
                return
            self.json(told)
        elif parts[2] == "restore":
            wanted = body["revision"] - 1 if body.get("undo") else body["revision"]
            found = next(one for one in book.versions if one["revision"] == wanted)
            book.answers = copy.deepcopy(found["answers"])
            book.revision += 1
            book.versions.append(book.document())
            self.json(
                {
                    "revision": book.revision,
                    "saved_at": book.saved_at(),
                    "applied": 1,
                    "conflicts": [],
                    "document": book.document(),
                }
            )
        else:
            self.submit(book)

    def submit(self, book: Book) -> None:
        content = json.dumps(book.answers, sort_keys=True)
        last = book.rounds[-1] if book.rounds else None
        repeated = last is not None and last["content"] == content
        if not repeated:
            last = {
                "round": len(book.rounds) + 1,
                "received_at": "2026-11-23T14:05:00+05:00",
                "answered": 12,
                "of": 14,
                "code": "K7Q-M2T",
                "current": True,
                "content": content,
            }
            book.rounds.append(last)
        self.json({"receipt": {**last, "repeated": repeated}}, 200 if repeated else 201)

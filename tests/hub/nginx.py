"""A real nginx with our own file: only ports, paths and the certificate are others."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path
from types import TracebackType

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "deploy" / "nginx.conf"
REQUIRED = "USTAZ_REQUIRE_NGINX" in os.environ
PATIENCE = 30

#: Around our file, what Debian's own nginx.conf has around it.
AROUND = """\
daemon off;
{user}
pid {folder}/pid;
worker_processes 1;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    include {mime};
    default_type application/octet-stream;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/ustaz;
}}
"""


def program() -> str | None:
    """Return nginx; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


def needs_nginx() -> str:
    """Return nginx, or skip where it is neither found nor required."""
    found = program()
    if found is None:
        assert not REQUIRED, "nginx is not installed"
        pytest.skip("nginx is not installed")
    return found


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate for localhost, and return what trusts it and nothing else."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    return ssl.create_default_context(cafile=str(folder / "fullchain.pem"))


def adapted(folder: Path, *, plain: int, secure: int, upstream: int) -> str:
    """Return our file for this computer; each of its lines that changes is known here."""
    text = FILE.read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("https://ustaz.example.kz$", f"https://localhost:{secure}$"),
        ("server_name ustaz.example.kz", "server_name localhost"),
        ("/etc/letsencrypt/live/ustaz.example.kz", str(folder)),
        ("/var/log/nginx/ustaz.log", f"{folder}/access.log"),
        ("/opt/ustaz/", f"{ROOT}/"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{upstream}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    assert "ustaz.example" not in text.split("\n", 1)[1]
    return text


class Nginx:
    """nginx in a process of its own, for as long as it is needed."""

    def __init__(self, folder: Path, *, plain: int, secure: int, upstream: int) -> None:
        self.folder = folder
        self.secure = secure
        self.process: subprocess.Popen[bytes] | None = None
        mime = "/etc/nginx/mime.types"
        (folder / "ustaz").write_text(
            adapted(folder, plain=plain, secure=secure, upstream=upstream), encoding="utf-8"
        )
        (folder / "nginx.conf").write_text(
            AROUND.format(folder=folder, mime=mime, user="" if os.geteuid() else "user root;"),
            encoding="utf-8",
        )

    def __enter__(self) -> Nginx:
        with (self.folder / "said").open("wb") as said:
            self.process = subprocess.Popen(
                [needs_nginx(), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit and self.process.poll() is None:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.secure), 5),
            ):
                return self
            time.sleep(0.05)
        self.__exit__(None, None, None)
        raise AssertionError((self.folder / "said").read_text(encoding="utf-8"))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)

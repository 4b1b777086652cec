"""Ustaz on the web: pages that need no kernel, and the calls that they make.

The actions are plain functions (:mod:`.http` says of what); :mod:`.tornado_host` puts them behind
Tornado for any host. Here is the thin adapter for Jupyter Server; a hub service is another one.
"""

from __future__ import annotations


def serve(course_dir: str, port: int = 8888, *, open_browser: bool = True) -> None:
    """Serve a course on this machine until it is interrupted; see :mod:`.serving`."""
    from ustaz.server.host.serving import serve as run

    run(course_dir, port, open_browser=open_browser)


__all__ = ["serve"]

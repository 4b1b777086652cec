"""Static files of pages: the front end's bundle and the pages' own style and pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ustaz.server.http import HTTPProblem, Request, Response
from ustaz.server.media import MEDIA_TYPES

#: Named by its content already: a part of the page that comes after its first words.
NAMED_BY_CONTENT: Final = re.compile(r"-[A-Z0-9]{8}\.js\Z")
FOR_EVER: Final = "private, max-age=31536000, immutable"


def static_file(request: Request) -> Response:
    """Serve ``static/<name>``; for ever when the address carries the content's hash."""
    name = request.params["name"]
    asset = request.site.assets.find(name)
    if asset is None:
        raise HTTPProblem(404, "no_page")
    headers = {"ETag": f'"{asset.version}"', "Vary": "Accept-Encoding"}
    fixed = NAMED_BY_CONTENT.search(name) or request.query.get("v") == asset.version
    headers["Cache-Control"] = FOR_EVER if fixed else "private, no-cache"
    kind = MEDIA_TYPES[Path(name).suffix]
    if f'"{asset.version}"' in request.headers.get("If-None-Match", ""):
        return Response(304, b"", kind, headers)
    return Response(200, asset.body, kind, headers, packed=asset.packed)

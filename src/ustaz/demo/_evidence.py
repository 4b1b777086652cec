"""Pictures of the demo's evidence, kept as an upload is kept: judged, drawn anew, read back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from ustaz.course import Course
from ustaz.files.judging import content_of
from ustaz.files.store import FileStore


def keeper(course: Course, person: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return what keeps one person's pictures; each returns the entry of a file field.

    The bytes are our own and known, so that they are judged in this process: a process for each, as
    an upload has it, would take longer than all the rest of the demo.
    """
    store = FileStore(course.people_dir)

    def keep(entry: Mapping[str, Any]) -> dict[str, Any]:
        from ustaz.demo.pictures import jpeg

        data = jpeg(entry["picture"])
        visible = entry.get("visible", "none")
        record = store.keep(
            person,
            content_of(data),
            name=entry["name"],
            original=hashlib.sha256(data).hexdigest(),
            visible=visible,
        )
        return {
            "hash": record.sha256,
            "name": record.name,
            "size": record.size,
            "type": record.type,
            "caption": entry["caption"],
            "visible": visible,
        }

    return keep

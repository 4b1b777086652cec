"""Evidence of invented teachers: photos that were never taken, drawn by code.

A picture is described in ``people/*.yml`` by its kind and what stands on it. The same
description gives the same pixels. Nobody is in any of them.
"""

from __future__ import annotations

from ustaz.demo.pictures.photo import jpeg

__all__ = ["jpeg"]

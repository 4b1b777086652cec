"""The gallery: stories that their authors publish and their schools agree to, as static pages.

A story is in it while its author's share with the public holds and the school has agreed to the
very text that stands there; what a school tells, while it shows it and the programme has agreed.
Whatever is taken back is gone with the next build.
"""

from ustaz.gallery.build import Built, build, folder_of, refresh
from ustaz.gallery.stories import Story, content_digest, is_agreed, stories

__all__ = [
    "Built",
    "Story",
    "build",
    "content_digest",
    "folder_of",
    "is_agreed",
    "refresh",
    "stories",
]

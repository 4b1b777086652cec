"""Messages and announcements: one store, and one table of who may write.

What was sent does not change. What stands in a thread is read by those whom ``access.py`` names,
asked anew at each request.
"""

from ustaz.threads import drafts
from ustaz.threads.access import Standing, Way, commented, may_comment, may_remark, standing, way_to
from ustaz.threads.anchor import SORTS, Anchor
from ustaz.threads.model import Message, Thread, ThreadError
from ustaz.threads.store import FOLDER, Threads

__all__ = [
    "FOLDER",
    "SORTS",
    "Anchor",
    "Message",
    "Standing",
    "Thread",
    "ThreadError",
    "Threads",
    "Way",
    "commented",
    "drafts",
    "may_comment",
    "may_remark",
    "standing",
    "way_to",
]

"""Messages and announcements: one store, and one table of who may write.

What was sent does not change. What stands in a thread is read by those whom ``access.py`` names,
asked anew at each request.
"""

from ustaz.threads import drafts
from ustaz.threads.access import Standing, Way, standing, way_to
from ustaz.threads.model import Message, Thread, ThreadError
from ustaz.threads.store import FOLDER, Threads

__all__ = [
    "FOLDER",
    "Message",
    "Standing",
    "Thread",
    "ThreadError",
    "Threads",
    "Way",
    "drafts",
    "standing",
    "way_to",
]

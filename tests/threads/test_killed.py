"""A process that sends is killed before each of its system calls: nothing is lost, nothing half."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.forms import kept
from tests.support.needs import needs
from ustaz.threads import Threads, drafts

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system"),
    needs("strace", "-o", "/dev/null", "true"),
]

WHO = "aigul-s"
BETWEEN = {"kind": "two", "by": WHO, "people": [WHO, "dina-f"]}
GROUP = {"kind": "group", "by": "dina-f", "people": [], "target": "g1"}
#: Longer than a page of the disk, so that half of it would be seen.
WORDS = "Мен осы аптада екі сабақ көрдім, енді сіздің ойыңызды білгім келеді. " * 25
EARLIER = {"id": "0" * 12, "by": "dina-f", "text": "Good day, how was the first lesson?"}
MESSAGE = {"id": "a" * 12, "by": WHO, "text": WORDS.strip()}
#: The calls that change something, or that others wait for; in the long form also those that look.
CHANGES = "openat,mkdir,mkdirat,flock,write,fsync,fchmod,rename,renameat,unlink,unlinkat,ftruncate"
PR_SET_PTRACER, ANY = 0x59616D61, -1


def begin(folder: Path) -> None:
    """Send a first message, as the page of a new one does."""
    store = Threads(folder)
    store.begin(BETWEEN, MESSAGE, only=lambda thread: thread.kind == "two")
    drafts.keep(folder, WHO, "new", "")


def say(folder: Path) -> None:
    """Answer in a thread that is there, as its page does."""
    store = Threads(folder)
    (thread,) = store
    store.say(thread.id, MESSAGE)
    drafts.keep(folder, WHO, thread.id, "")


def hand_on(folder: Path) -> None:
    """Hand a thread on: a line and a message that belong together."""
    store = Threads(folder)
    (thread,) = store
    line = {"do": "hand_on", "by": WHO, "from": len(thread.messages)}
    store.say(thread.id, MESSAGE, line)
    drafts.keep(folder, WHO, thread.id, "")


def prepared(folder: Path, send: Callable[[Path], None]) -> str:
    """Make a course in which the message is a draft; return the draft's key."""
    folder.mkdir()
    key = "new"
    if send is not begin:
        key = Threads(folder).begin(BETWEEN, EARLIER)
    else:
        Threads(folder).begin(GROUP, EARLIER)
    drafts.keep(folder, WHO, key, WORDS)
    return key


def traced(folder: Path, send: Callable[[Path], None], *options: str) -> tuple[bool, str]:
    """Send in a process under the kernel's tracer; return whether that was done, and its calls."""
    trace = folder.with_suffix(".trace")
    ready, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(ANY), 0, 0, 0)
            os.close(go)
            os.read(ready, 1)
            send(folder)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(ready)
    command = ["strace", "-p", str(pid), "-o", str(trace), *(p for o in options for p in ("-e", o))]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        said = tracer.stderr.readline()
        os.close(go)  # the end of the pipe is what the process waits for
        assert "attached" in said, said
        tracer.stderr.read()
    status = os.waitpid(pid, 0)[1]
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0
    return os.WIFEXITED(status), trace.read_text()


def holds(folder: Path, key: str, *, acknowledged: bool, handed_on: bool) -> None:
    """Check that the message is there whole or not at all, and nothing else is lost."""
    texts = [message.text for thread in Threads(folder) for message in thread.messages]
    assert texts.count(EARLIER["text"]) == 1
    sent = texts.count(MESSAGE["text"])
    assert len(texts) == 1 + sent
    assert sent <= 1
    assert sent or not acknowledged
    draft = drafts.read(folder, WHO).get(key)
    assert sent or (draft is not None and draft.text == WORDS)
    for thread in Threads(folder):
        assert thread.messages, "a thread without a message is shown to nobody"
        # The staff read from the message on that hands it on, and nothing before.
        assert [number for _, _, number in thread.handed_on] == ([1] if handed_on and sent else [])


@pytest.mark.parametrize("calls", kept([CHANGES], ["%file,%desc"]), ids=["changes", "all"])
@pytest.mark.parametrize("send", [begin, say, hand_on])
def test_a_message_is_sent_whole_or_not_at_all_and_once_when_it_is_sent_again(
    tmp_path: Path, send: Callable[[Path], None], calls: str
):
    key = prepared(tmp_path / "count", send)
    acknowledged, trace = traced(tmp_path / "count", send, f"trace={calls}")
    holds(tmp_path / "count", key, acknowledged=True, handed_on=send is hand_on)
    assert acknowledged
    counts = Counter(re.findall(r"^(\w+)\(", trace, re.MULTILINE))
    assert counts["fsync"] >= 1
    died = 0
    for call, count in counts.items():
        for number in range(1, count + 1):
            folder = tmp_path / f"{call}-{number}"
            key = prepared(folder, send)
            kill = f"inject={call}:signal=KILL:when={number}"
            acknowledged, _ = traced(folder, send, f"trace={calls}", kill)
            died += not acknowledged
            holds(folder, key, acknowledged=acknowledged, handed_on=send is hand_on)
            send(folder)  # the page sends the same once more
            holds(folder, key, acknowledged=True, handed_on=send is hand_on)
            assert key not in drafts.read(folder, WHO)
    # A look at the pipe that the process waits at may have been before the tracer came.
    assert died >= sum(counts.values()) - counts["read"]

"""Passwords: what is kept of them, and which are too easy.

bcrypt looks at 72 bytes at most, and a Cyrillic letter has two. So it gets a SHA-256 of the
password in printable form, whatever its length (the way of Dropbox and of Django's
``BCryptSHA256PasswordHasher``).
"""

from __future__ import annotations

import base64
import hashlib
import os
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

import bcrypt
import nativeauthenticator

#: NIST SP 800-63B asks for 8 at least; what a rate limit has to bear is less with 10.
SHORTEST: Final = 10
LONGEST: Final = 256
#: 2**ROUNDS rounds: about a quarter of a second. Tests take fewer by the environment.
ROUNDS: Final = int(os.environ.get("USTAZ_BCRYPT_ROUNDS", "12"))


def _prepared(password: str) -> bytes:
    # One password, however the keyboard composes its letters.
    text = unicodedata.normalize("NFC", password).encode("utf-8", "replace")
    return base64.b64encode(hashlib.sha256(text).digest())


def hashed(password: str, rounds: int = ROUNDS) -> bytes:
    """Return what is kept of a password."""
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(rounds))


@cache
def nobody() -> bytes:
    """Return a hash that no password has: a stranger's try takes as long as anybody's."""
    return bcrypt.hashpw(os.urandom(32).hex().encode(), bcrypt.gensalt(ROUNDS))


def fits(password: str, kept: bytes) -> bool:
    """Tell whether a password is the one that was kept."""
    try:
        return bcrypt.checkpw(_prepared(password), kept)
    except ValueError:  # not a hash of ours
        return False


def weakness(password: str, account: str) -> str | None:
    """Return why a new password is not taken: ``short``, ``long``, ``common``, ``name``; or None.

    No rule asks for digits or signs: they make passwords that are written down.
    """
    plain = unicodedata.normalize("NFC", password).casefold()
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if plain in _common() or len(set(plain)) < 4:
        return "common"
    if account and account.casefold() in plain and len(plain) < len(account) + 6:
        return "name"
    return None


@cache
def _common() -> frozenset[str]:
    path = Path(nativeauthenticator.__file__).parent / "common-credentials.txt"
    words = path.read_text(encoding="utf-8", errors="replace").casefold().split()
    return frozenset(word for word in words if len(word) >= SHORTEST)

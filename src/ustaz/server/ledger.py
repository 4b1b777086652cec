"""The ledger under its earlier address; it lives in :mod:`ustaz.ledger`."""

from __future__ import annotations

from ustaz.ledger import Ledger

__all__ = ["Ledger"]

"""Which version of Ustaz this is."""

__version__ = "0.1.0"

"""Signing in at a hub: accounts, passwords, one-time codes, sessions, and how often one may try."""

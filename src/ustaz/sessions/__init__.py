"""Meetings of a group: planned from a runbook or from nothing, run by the clock, and logged."""

"""Snapshot in, run out: the only part that imports torch."""

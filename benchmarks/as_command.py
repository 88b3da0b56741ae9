"""Imported before torch: threads wait for one another as they do in the commands (`defectstudio.__main__`)."""

import os

os.environ.setdefault("GOMP_SPINCOUNT", "10000")

"""Choosing at scale and finding wrong labels: see `selection.py`, which this runs.

A script called select.py hides Python's own module `select` from every script beside it, so, asked for as that module,
it steps aside.
"""

import importlib.machinery
import importlib.util
import os
import sys

if __name__ == "select":
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  pathlib may need `select` itself
    elsewhere = [path for path in sys.path if os.path.abspath(path or ".") != here]  # noqa: PTH100
    spec = importlib.machinery.PathFinder.find_spec("select", elsewhere)
    if spec is None or spec.loader is None:
        raise ImportError("Python's own module select is missing")
    own = importlib.util.module_from_spec(spec)
    sys.modules["select"] = own
    spec.loader.exec_module(own)
else:
    from selection import main

    main()

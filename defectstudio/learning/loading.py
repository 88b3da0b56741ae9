"""Brings the learning library into memory without holding up the window.

Python keeps its interpreter lock while it loads an extension module. For torch that is half a second in which no other
thread of Python runs, the window's least of all. A call through `ctypes` gives the lock away, so the library is loaded
by one, and the import that follows finds it there. This module itself imports nothing of torch.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

LIBRARIES = ("libgomp.so.1", "libc10.so", "libtorch_cpu.so", "libtorch_python.so")
"""In the order in which they need each other."""


def load_library() -> None:
    """Load torch's shared libraries; does nothing where the import need not be helped or will do by itself.

    On Windows torch loads its own libraries in this way.
    """
    if "torch" in sys.modules or sys.platform != "linux":
        return
    found = importlib.util.find_spec("torch")
    folders = list(found.submodule_search_locations or ()) if found is not None else []
    paths = [Path(folder) / "lib" / name for folder in folders for name in LIBRARIES]
    load = ctypes.CDLL(None).dlopen
    load.restype, load.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_int]
    for path in paths:
        if path.is_file():
            load(os.fsencode(path), os.RTLD_NOW | os.RTLD_GLOBAL)

"""The learning library is brought into memory ahead of its import, and by nothing that needs the import."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from defectstudio.learning.loading import load_library
assert "torch" not in sys.modules
load_library()
load_library()
assert "torch" not in sys.modules
mapped = "libtorch_cpu.so" in open("/proc/self/maps").read()
import torch
print(mapped, float(torch.ones(3).sum()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the import does it by itself")
def test_the_library_is_in_memory_before_it_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "3.0"]

"""The import contracts of pyproject.toml, and what start-up may load."""

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_import_contracts_hold() -> None:
    # In a process of its own: import-linter sets up logging anew, which would silence the loggers of other tests.
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_help_loads_neither_torch_nor_qt() -> None:
    script = (
        "import sys; from defectstudio.cli.main import run; code = run(['--help'])\n"
        "heavy = {'torch', 'PySide6', 'pyqtgraph', 'lightning_fabric', 'h5py', 'scipy'} & set(sys.modules)\n"
        "sys.exit(code or (f'loaded {heavy}' if heavy else 0))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "import" in done.stdout


def test_help_answers_in_little_more_time_than_its_libraries_take_to_load() -> None:
    def once(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    # Side by side and in time of the processor: half a second on a machine at rest, more on a busy or a slow one.
    libraries, help_ = ("-c", "import typer, rich.table, pydantic"), ("-m", "defectstudio", "--help")
    once(*help_)
    assert min(once(*help_) for _ in range(3)) < 6 * min(once(*libraries) for _ in range(3))


def test_no_weights_or_datasets_are_unpickled() -> None:
    """Only the reader of published splits may touch pickle, and only to refuse classes."""
    users = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "defectstudio").rglob("*.py")
        if "import pickle" in path.read_text(encoding="utf-8")
    ]
    assert users == ["defectstudio/data/exchange/official.py"]

"""The words by which people name verdicts, splits, classes and columns, folded to one form."""

from __future__ import annotations

import re

from defectstudio.domain.labels import Verdict

_GOOD = (
    "0 good ok okay io pass passed normal free healthy negative neg false no nodefect defectfree okimages goodimages "
    "nodefectimages"
)
_DEFECTIVE = (
    "1 defective defect defects bad ng nok nio notok fail failed anomaly anomalous abnormal positive pos true yes "
    "defectimages"
)
GOOD_WORDS = frozenset(_GOOD.split())
DEFECTIVE_WORDS = frozenset(_DEFECTIVE.split())
NOTHING = frozenset(["", "-", "none", "nan", "null", "n/a", "na", "unknown", "?"])
_SPLITS = {"training": "train", "testing": "test", "valid": "val", "validation": "val"}


def folded(text: str) -> str:
    """Lower case, without spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", text.strip().lower())


def verdict_of(text: str) -> Verdict | None:
    """The verdict a word stands for: 0/1, good/defective, ok/nok ...; unlabelled for no word, None for another word."""
    word = folded(text)
    word = {"1.0": "1", "0.0": "0"}.get(word, word)
    if word in GOOD_WORDS:
        return Verdict.GOOD
    if word in DEFECTIVE_WORDS:
        return Verdict.DEFECTIVE
    return Verdict.UNLABELLED if text.strip().lower() in NOTHING else None


def split_of(text: str) -> str:
    """The split's name: train, val, test and their usual spellings; others as they are; "" for none."""
    word = text.strip()
    return "" if word.lower() in NOTHING else _SPLITS.get(word.lower(), word.lower() if word.isascii() else word)


def folder_split(names: tuple[str, ...]) -> str:
    """The split that a folder on the way to an image names, else ""."""
    known = [split_of(name) for name in names]
    return next((split for split in known if split in ("train", "val", "test")), "")


def folder_verdict(names: tuple[str, ...]) -> Verdict:
    """The verdict that a folder on the way to an image names (the innermost counts), else unlabelled."""
    for name in reversed(names):
        verdict = verdict_of(name)
        if verdict in (Verdict.GOOD, Verdict.DEFECTIVE) and not name.isdigit():
            return verdict
    return Verdict.UNLABELLED


def class_names(text: str) -> tuple[str, ...]:
    """The defect classes a cell names, separated by `;` or `|`; words that are a verdict or nothing name none."""
    named = [word.strip() for word in re.split(r"[;|]", text)]
    return tuple(dict.fromkeys(word for word in named if verdict_of(word) is None))

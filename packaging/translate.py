"""Brings `resources/translations` up to date with the texts of the window, and compiles it.

    python packaging/translate.py            # collect new texts, drop old ones, compile
    python packaging/translate.py --list     # print what is not translated yet

New texts appear in the .ts files as "unfinished"; translate them there (by hand or with Qt Linguist) and run it again.
English needs only its plural forms. The .qm files are committed, so that nobody needs Qt's tools to run the window.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from defectstudio.ui.commands import ACTIONS, MENUS

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "defectstudio" / "ui"
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = {"de": "de_DE", "en": "en_US"}
TABLE = "Actions"


@dataclass(frozen=True, order=True)
class Text:
    """One text of the window: where it stands, what it says, what tells it from its doubles, whether it counts."""

    context: str
    source: str
    comment: str = ""
    plural: bool = False


class Collector(ast.NodeVisitor):
    """Finds the texts of one module; `complaints` says what could not be read."""

    def __init__(self, path: Path) -> None:
        self.path, self.found, self.complaints = path, set[Text](), list[str]()
        self._classes: list[str] = []
        self._helpers: dict[str, str] = {}

    def visit_Module(self, node: ast.Module) -> None:
        """First find functions that translate what they are given, so that their calls are known."""
        for function in node.body:
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if (
                        isinstance(call, ast.Call)
                        and called(call) == "translate"
                        and isinstance(call.args[1], ast.Name)
                    ):
                        self._helpers[function.name] = constant(call.args[0]) or ""
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        name = called(node)
        if name == "tr":
            self._of_widget(node)
        elif name in {"translate", "QT_TRANSLATE_NOOP"} and len(node.args) > 1:
            context = constant(node.args[0])
            if context and (isinstance(node.args[1], ast.Constant) or name == "QT_TRANSLATE_NOOP"):
                self._add(context, node.args[1:])
        elif isinstance(node.func, ast.Name) and name in {"said", "step"} and isinstance(node.args[0], ast.Constant):
            self._add(TABLE, node.args[:1])
            if name == "step":
                self.found.add(Text(TABLE, f"{constant(node.args[0])} {{0}}"))
        elif isinstance(node.func, ast.Name) and self._helpers.get(name) and isinstance(node.args[0], ast.Constant):
            self._add(self._helpers[name], node.args[:1])
        self.generic_visit(node)

    def _of_widget(self, node: ast.Call) -> None:
        if not self._classes or getattr(getattr(node.func, "value", None), "id", "") != "self":
            self.complaints.append(f"{self.path.name}:{node.lineno}: tr() of something else than self")
        else:
            self._add(self._classes[-1], node.args)

    def _add(self, context: str, arguments: list[ast.expr]) -> None:
        texts = [constant(choice) for choice in choices(arguments[0])] if arguments else [None]
        comment = constant(arguments[1]) if len(arguments) > 1 else ""
        for text in texts:
            if text is None:
                line = arguments[0].lineno if arguments else 0
                self.complaints.append(f"{self.path.name}:{line}: a text that is not written out")
            elif text:
                self.found.add(Text(context, text, comment or "", plural=len(arguments) > 2))


def called(node: ast.Call) -> str:
    """The name of the function or method that is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def choices(node: ast.expr) -> list[ast.expr]:
    """Both texts of `a if c else b`, or the one text."""
    return [*choices(node.body), *choices(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def constant(node: ast.expr) -> str | None:
    """The text of a literal, None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def texts_of_table() -> Iterator[Text]:
    """The texts of the table of commands, whose rows are made by functions in part."""
    for _, title in MENUS:
        yield Text(TABLE, title)
    for info in ACTIONS:
        yield Text(TABLE, info.text)
        if info.toolbar:
            yield Text(TABLE, info.toolbar)


def collect(folder: Path = SOURCES) -> tuple[set[Text], list[str]]:
    """All texts of the window, and complaints about those that cannot be translated."""
    found = set(texts_of_table())
    complaints: list[str] = []
    for path in sorted(folder.rglob("*.py")):
        collector = Collector(path)
        collector.visit(ast.parse(path.read_text(encoding="utf-8")))
        found |= collector.found
        complaints += collector.complaints
    return found, complaints


def wanted(language: str, texts: set[Text]) -> set[Text]:
    """The texts that a language must give; English gives plural forms alone."""
    return {text for text in texts if language != "en" or text.plural}


def read(path: Path) -> dict[Text, list[str]]:
    """The translations of a .ts file: one form, or one for each number of a plural; empty where unfinished."""
    if not path.exists():
        return {}
    return dict(_messages(ET.parse(path).getroot()))


def _messages(root: ET.Element) -> Iterator[tuple[Text, list[str]]]:
    for context in root.iter("context"):
        for message in context.iter("message"):
            plural = message.get("numerus") == "yes"
            text = Text(
                context.findtext("name", ""), message.findtext("source", ""), message.findtext("comment", ""), plural
            )
            said = message.find("translation")
            if said is None:
                continue
            forms = [form.text or "" for form in said.iter("numerusform")] if plural else [said.text or ""]
            yield text, forms if said.get("type") != "unfinished" and all(forms) else []


def write(path: Path, language: str, translations: dict[Text, list[str]]) -> None:
    """A .ts file, sorted, without line numbers, so that a change shows what changed."""
    root = ET.Element("TS", version="2.1", language=LANGUAGES[language])
    for name in sorted({text.context for text in translations}):
        context = ET.SubElement(root, "context")
        ET.SubElement(context, "name").text = name
        for text in sorted(text for text in translations if text.context == name):
            _add_message(context, text, translations[text])
    ET.indent(root, "    ")
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def _add_message(context: ET.Element, text: Text, forms: list[str]) -> None:
    message = ET.SubElement(context, "message", {"numerus": "yes"} if text.plural else {})
    ET.SubElement(message, "source").text = text.source
    if text.comment:
        ET.SubElement(message, "comment").text = text.comment
    said = ET.SubElement(message, "translation", {} if forms else {"type": "unfinished"})
    if text.plural:
        for form in forms or ["", ""]:
            ET.SubElement(said, "numerusform").text = form
    else:
        said.text = forms[0] if forms else ""


def update(language: str, texts: set[Text]) -> list[Text]:
    """Bring one language's files up to date; returns what is not translated."""
    path = FOLDER / f"defectstudio_{language}.ts"
    known = read(path)
    translations = {text: known.get(text, []) for text in wanted(language, texts)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    write(path, language, translations)
    compiler = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([compiler, "-silent", path, "-qm", path.with_suffix(".qm")], check=True)
    return sorted(text for text, forms in translations.items() if not forms)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--list", action="store_true", help="print what is not translated yet")
    chosen = options.parse_args()
    texts, complaints = collect()
    missing = {language: update(language, texts) for language in LANGUAGES}
    lines = list(complaints)
    for language, left in missing.items():
        lines.append(f"{language}: {len(wanted(language, texts)) - len(left)} translated, {len(left)} not")
        if chosen.list:
            lines += [f"{text.context}\t{text.source!r}\t{text.comment}" for text in left]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

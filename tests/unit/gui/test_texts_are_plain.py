"""No name, reason or file name is drawn as HTML: Qt guesses, label by label and tool tip by tool tip, unless told."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text, tool_tip

GUI = Path(__file__).parents[3] / "kiosk" / "gui"
GUESSING = {
    "QMessageBox",
    "QToolTip",
    "QTextBrowser",
    "QTextEdit",
    "QTextDocument",
    "QStaticText",
    "QErrorMessage",
}
HTML = {"setHtml", "setMarkdown", "insertHtml", "appendHtml"}
NAMES = [
    "<b>Bobby</b>",
    '<img src="file:///etc/passwd">',
    "Ann <i>Lee",
    "<a href='http://x'>tap</a>",
    "a &lt; b",
]


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(GUI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(GUI)}:{node.lineno}", node


def called(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_safe(tip: ast.expr) -> bool:
    """A constant of ours, by itself or translated, or what `tool_tip` made."""
    if isinstance(tip, ast.Call) and called(tip) == "_":
        return all(isinstance(one, ast.Constant) for one in tip.args) and not tip.keywords
    return isinstance(tip, ast.Constant) or called(tip) == "tool_tip"


def test_nothing_in_the_window_guesses_whether_a_text_is_html() -> None:
    wrong = []
    for place, call in calls():
        name = called(call)
        if name in GUESSING | HTML or (name == "QLabel" and call.args):
            wrong.append(f"{place}: {name}")
        if name in {"setToolTip", "setWhatsThis", "setStatusTip"} and not is_safe(call.args[-1]):
            wrong.append(f"{place}: {name} of what tool_tip did not make")
        if name == "setItemData" and "ToolTipRole" in ast.dump(call) and not is_safe(call.args[1]):
            wrong.append(f"{place}: {name} of what tool_tip did not make")
    assert not wrong


def test_only_labels_without_words_are_qts_own() -> None:
    """A `QLabel` here shows a picture; words belong into `Text`."""
    wrong = []
    for path in sorted(GUI.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        plain = {
            ast.unparse(node.targets[0])
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and called(node.value) == "QLabel"
        }
        wrong += [
            f"{path.relative_to(GUI)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "setText"
            and ast.unparse(node.func.value) in plain
        ]
    assert not wrong


@pytest.mark.parametrize("name", NAMES)
def test_a_name_with_tags_is_shown_with_them(qapp: object, theme: Theme, name: str) -> None:
    label = Text(name)
    assert label.textFormat() is Qt.TextFormat.PlainText
    table = ResultTable(theme, ["Name"], name="People", height=200)
    table.show_rows([(Tone.TEXT, [name])])
    item = table.item(0, 0)
    assert item is not None
    assert item.text() == name
    shown = QTextDocument()
    shown.setHtml(item.toolTip())
    assert shown.toPlainText() == name


def test_a_plain_text_stays_as_it_is() -> None:
    assert tool_tip("O'Neill, at 3 > 2") == "O'Neill, at 3 > 2"

"""Error texts in the source of a file, and the headings of a page of the docs that they are looked up under."""

import ast
import re
from pathlib import Path

ERRORS = {"FixAccess", "TryLater", "EditFile", "OtherLogin", "CutAnswer", "TooSlow", "Busy", "QuestionRefused"}


def headings(page: Path) -> list[re.Pattern[str]]:
    """The second-level headings of a page, three dots standing for anything; quotes do not count."""
    lines = [_bare(line[3:]).replace("…", "...") for line in page.read_text().splitlines() if line.startswith("## ")]
    return [re.compile(".*".join(map(re.escape, line.split("..."))), re.DOTALL) for line in lines]


def texts(path: Path) -> list[str]:
    """The texts of the errors that a file makes, values as X."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ERRORS]
    return [_bare(text) for call in named if (text := _rendered(call.args[0]))]


def sentences(path: Path) -> list[str]:
    """The texts that the functions of a file return and others raise, values as X."""
    given = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Return)]
    return [_bare(_rendered(each)) for each in given if isinstance(each, ast.JoinedStr)]


def _bare(text: str) -> str:
    return text.replace("`", "").replace("'", "")


def _rendered(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_rendered(part) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return ""  # made of another text, which is looked at where it stands

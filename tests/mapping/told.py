"""The texts that a check can tell, read from the code itself: every sentence that reaches a problem, as a pattern."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

_SINKS = {"at_key": 1, "at_value": 1, "_note": 2, "Problem": 3, "_problem": 3, "Misfit": 1}
"""Calls that tell a problem, and which of their arguments is its text."""
_TELLERS = {"_closed"}
"""Functions that yield nothing but texts."""
GAP = "…"


def texts_in(path: Path) -> Iterator[tuple[str, str]]:
    """Where each text is told (file:line), and what it begins with: up to its first semicolon, values as …."""
    functions = {each.name: each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.FunctionDef)}
    for function in functions.values():
        scope = _Scope(function, functions)
        for told in _told(function):
            for text in () if scope.is_handed_on(told) else scope.texts(told):
                yield f"{path.name}:{told.lineno}", text.partition(";")[0].strip()


def _told(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = _SINKS.get(name)
            if place is not None and len(node.args) > place:
                yield node.args[place]
        elif isinstance(node, ast.Yield) and node.value and function.name in _TELLERS:
            yield node.value
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
            yield from _beside_severity(*node.value.elts)


def _beside_severity(first: ast.expr, second: ast.expr) -> Iterator[ast.expr]:
    """Of a yielded pair the one that is not its severity."""
    for one, other in ((first, second), (second, first)):
        words = {each.value for each in ast.walk(other) if isinstance(each, ast.Constant)}
        if words & {"error", "warning"} or getattr(other, "id", "") == "severity":
            yield one
            return


@dataclass(frozen=True)
class _Scope:
    """One function, and the others of its file."""

    function: ast.FunctionDef
    functions: dict[str, ast.FunctionDef]
    seen: frozenset[str] = frozenset()

    def is_handed_on(self, told: ast.expr) -> bool:
        """Whether the text is a parameter, or an item of what another teller of the file gives: that one is read."""
        targets = [each.target for each in ast.walk(self.function) if isinstance(each, ast.For | ast.comprehension)]
        looped = {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
        name = getattr(told, "id", "")
        return name in {each.arg for each in self.function.args.args} | looped and not self._given(name)

    def texts(self, node: ast.expr) -> list[str]:
        """All that an expression can be, as far as the code of its file tells."""
        if isinstance(node, ast.Constant):
            return [] if node.value is None else [str(node.value)]
        if isinstance(node, ast.JoinedStr):
            return self._joined(node.values)
        if isinstance(node, ast.BinOp):
            return self._joined([node.left, node.right])
        if isinstance(node, ast.Name | ast.Call):
            return self._named(node)
        parts = {ast.IfExp: ("body", "orelse"), ast.BoolOp: ("values",), ast.FormattedValue: ("value",)}
        branches = [getattr(node, name) for name in parts.get(type(node), ())]
        flat = [each for branch in branches for each in (branch if isinstance(branch, list) else [branch])]
        return [text for each in flat for text in self.texts(each)] or [GAP]

    def _joined(self, parts: list[ast.expr]) -> list[str]:
        """What the parts make together; a value in a text counts as a text only if the function wrote it as one."""
        return ["".join(each) for each in product(*map(self._part, parts))]

    def _part(self, part: ast.expr) -> list[str]:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        if part is not inner and not isinstance(inner, ast.Name):
            return [GAP]
        found = self.texts(inner)
        return found if part is inner or all(" " in each for each in found) else [GAP]

    def _named(self, node: ast.Name | ast.Call) -> list[str]:
        """What a name was given, or what a function of the file returns."""
        if isinstance(node, ast.Call):
            called = self.functions.get(getattr(node.func, "id", ""))
            given = [each.value for each in ast.walk(called) if isinstance(each, ast.Return)] if called else []
            scope = replace(self, function=called or self.function)
        elif node.id in self.seen:
            return []
        else:
            given = self._given(node.id)
            scope = replace(self, seen=self.seen | {node.id})
        return [text for each in given if each for text in scope.texts(each)] or [GAP]

    def _given(self, name: str) -> list[ast.expr]:
        """All that the function assigns to a name."""
        assigned = [each for each in ast.walk(self.function) if isinstance(each, ast.Assign)]
        return [each.value for each in assigned if any(getattr(to, "id", "") == name for to in each.targets)]

"""Conversions that users write: a conversions.py beside the mappings, read anew each time."""

import hashlib
import traceback
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from pipelines.mapping.conversions import BUILT_IN, Conversion
from pipelines.mapping.problem import Problem, shown
from pipelines.mapping.scalars import quoted

FILE = "conversions.py"


def conversions_in(folder: Path) -> tuple[dict[str, Conversion], list[Problem]]:
    """The built-in conversions and those of the folder's conversions.py, and what is wrong with that file."""
    path = folder / FILE
    if not path.exists():
        return dict(BUILT_IN), []
    try:
        source = path.read_bytes()
        module = _run(source, path)
    except SyntaxError as error:
        return dict(BUILT_IN), [_problem(path, error.lineno, error.offset, f"this is not Python: {error.msg}")]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the file is a user's and may raise anything
        return dict(BUILT_IN), [_problem(path, _line(error, path), 1, f"stopped with {type(error).__name__}: {error}")]
    return _gathered(module, hashlib.sha256(source).hexdigest()[:32], path)


def _run(source: bytes, path: Path) -> ModuleType:
    module = ModuleType(f"conversions beside {path.parent.name}")
    module.__file__ = str(path)
    # not imported: neither sys.modules nor a stale .pyc may carry one folder's conversions into another's
    exec(compile(source, str(path), "exec"), vars(module))  # noqa: S102 - users ask for exactly this file to be run
    return module


def _gathered(module: ModuleType, digest: str, path: Path) -> tuple[dict[str, Conversion], list[Problem]]:
    found, problems = dict(BUILT_IN), []
    for each in vars(module).values():
        if not isinstance(each, Conversion) or each.function.__module__ != module.__name__:
            continue
        line = each.function.__code__.co_firstlineno
        if each.name in BUILT_IN:
            text = f"{quoted(each.name)} is the name of a built-in conversion; choose another"
            problems.append(_problem(path, line, 1, text))
            continue
        try:
            found[each.name] = replace(each, digest=digest)
            _ = found[each.name].options
        except Exception as error:  # noqa: BLE001 - annotations are a user's code as well
            problems.append(_problem(path, line, 1, f"options of {quoted(each.name)} cannot be read: {error}"))
    return found, problems


def _line(error: BaseException, path: Path) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 1 for frame in reversed(frames) if frame.filename == str(path)), 1)


def _problem(path: Path, line: int | None, column: int | None, text: str) -> Problem:
    return Problem(shown(path), line or 1, max(column or 1, 1), text)

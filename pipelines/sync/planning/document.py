"""The plan as a file: it holds customers' values, so only its owner can read it."""

import os
from pathlib import Path

from pydantic import ValidationError

from pipelines.errors import EditFile
from pipelines.sync.planning.planned import Plan


def write_plan(path: Path, plan: Plan) -> None:
    """Write the file whole or not at all, with mode 0600; EditFile when it cannot be written."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(plan.model_dump_json(indent=1) + "\n")
        fresh.replace(path)
    except OSError as error:
        raise EditFile(f"--out {str(path)!r} cannot be written: {error.strerror}; name another file") from None


def read_plan(path: Path) -> Plan:
    """The plan in a file; EditFile when it is none."""
    try:
        return Plan.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EditFile(f"plan {str(path)!r} cannot be read: {error.strerror}; co2sf plan --out writes one") from None
    except ValidationError:  # its text would quote the values
        raise EditFile(f"{str(path)!r} is no plan of this co2sf; write it anew with co2sf plan --out") from None

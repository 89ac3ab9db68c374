"""Logs of the long-running commands: a line to read on a terminal, a JSON object a line anywhere else."""

import logging
import sys

from pythonjsonlogger.json import JsonFormatter


def log_to_stderr() -> None:
    """Send what this process logs to stderr: our own from INFO on, warnings of all others."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_for_people() if sys.stderr.isatty() else _for_machines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("pipelines").setLevel(logging.INFO)


def _for_people() -> logging.Formatter:
    return logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S")


def _for_machines() -> logging.Formatter:
    """``at`` in ISO 8601, ``level``, ``logger``, ``message``, and what else the line tells."""
    return JsonFormatter(
        ["levelname", "name", "message"],
        rename_fields={"levelname": "level", "name": "logger", "timestamp": "at"},
        timestamp=True,
        json_ensure_ascii=False,
    )

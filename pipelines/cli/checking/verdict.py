"""What a check found, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from pipelines.cli.checking.live_check import Live
from pipelines.cli.checking.report import WIDTH
from pipelines.cli.checking.troubles import Finding
from pipelines.mapping.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Verdict:
    """The mappings as they are, and what both sides say if they were asked."""

    shelf: Shelf
    live: Live | None = None

    @property
    def findings(self) -> list[Finding]:
        """All that is wrong."""
        return [("error", str(each)) for each in self.shelf.problems] + (self.live.findings if self.live else [])

    @property
    def code(self) -> int:
        """The exit code."""
        return 2 if any(severity == "error" for severity, _ in self.findings) else 0

    def words(self) -> str:
        """One line."""
        findings, mappings = self.findings, self.shelf.mappings
        if not findings:
            order = " -> ".join(each.to for each in mappings)
            return f"{len(mappings)} mappings {'fit the org' if self.live else 'are in order'}. Load order: {order}"
        errors = sum(severity == "error" for severity, _ in findings)
        runnable = self.live.runnable if self.live else len(mappings)
        parts = f"{_many(errors, 'error')}, {_many(len(findings) - errors, 'warning')}"
        return f"{parts}; {_many(runnable, 'mapping')} can run"


def lines(findings: Sequence[Finding], mark: str = "") -> list[str]:
    """Each finding, wrapped; warnings say that they are."""
    return [
        wrapped(f"{mark}{text}" if severity == "error" else f"{mark}{text} (warning)") for severity, text in findings
    ]


def wrapped(text: str) -> str:
    """The text in lines of at most so many columns as fit a terminal."""
    return fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

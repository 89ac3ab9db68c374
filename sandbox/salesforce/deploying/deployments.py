"""Deployments and how they get on, by the org's clock: Pending, InProgress, then Succeeded, Failed or Canceled."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sandbox.salesforce.clock import Clock, print_stamp
from sandbox.salesforce.deploying.archive import Archive, Problem
from sandbox.salesforce.errors import not_found
from sandbox.salesforce.ids import make, normalized
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.pace import Pace

PREFIX: Final = "0Af"
PENDING_SHARE: Final = 0.2


@dataclass(slots=True)
class Deployment:
    """One deployment; `archive` is what it brings."""

    id: str
    archive: Archive
    options: dict[str, Json]
    user_id: str
    begun_at: datetime
    seconds: float
    status: str = "Pending"
    ended_at: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)
    """The names of components that the org did not have."""
    changed: set[str] = field(default_factory=set)
    """Those that it had otherwise."""

    @property
    def check_only(self) -> bool:
        """Whether nothing is to change."""
        return bool(self.options.get("checkOnly"))

    def share(self, now: datetime) -> float:
        """How much of its time has gone by."""
        return 1.0 if not self.seconds else min(1.0, (now - self.begun_at).total_seconds() / self.seconds)

    def end(self, status: str, now: datetime) -> None:
        """Ends it."""
        self.status, self.ended_at = status, now

    def result(self, now: datetime, *, details: bool) -> dict[str, Json]:
        """The deployResult; its keys are published (DeployResult of the Metadata API guide)."""
        total, failed = len(self.archive.components), len(self.problems)
        done = self.ended_at is not None
        deployed = total - failed if done else int(total * self.share(now)) if self.status == "InProgress" else 0
        found: dict[str, Json] = {
            "id": self.id,
            "checkOnly": self.check_only,
            "createdBy": self.user_id,
            "createdByName": "Loader",
            "createdDate": print_stamp(self.begun_at),
            "done": done,
            "ignoreWarnings": bool(self.options.get("ignoreWarnings")),
            "numberComponentErrors": failed,
            "numberComponentsDeployed": max(deployed, 0),
            "numberComponentsTotal": total,
            "numberTestErrors": 0,
            "numberTestsCompleted": 0,
            "numberTestsTotal": 0,
            "rollbackOnError": bool(self.options.get("rollbackOnError", True)),
            "runTestsEnabled": False,
            "status": self.status,
            "success": self.status == "Succeeded",
        }
        if self.ended_at is not None:
            found["completedDate"] = print_stamp(self.ended_at)
        if details:
            found["details"] = {
                "componentFailures": [_failure(each) for each in self.problems],
                "componentSuccesses": self._successes() if done and not self.problems else [],
            }
        return found

    def _successes(self) -> list[dict[str, Json]]:
        """Published: only at the end, and the manifest is named without a type."""
        manifest = _message("", "package.xml", "package.xml", created=False, changed=True)
        return [
            _message(
                each.kind, each.name, each.file, created=each.name in self.fresh,
                changed=each.name in self.fresh | self.changed,
            )
            for each in self.archive.components
        ] + [manifest]  # fmt: skip


def _message(kind: str, name: str, file: str, *, created: bool, changed: bool) -> dict[str, Json]:
    """A DeployMessage (published keys)."""
    return {
        "changed": changed,
        "componentType": kind,
        "created": created,
        "deleted": False,
        "fileName": file,
        "fullName": name,
        "success": True,
        "warning": False,
    }


def _failure(problem: Problem) -> dict[str, Json]:
    return _message(problem.kind, problem.name, problem.file, created=False, changed=False) | {
        "columnNumber": problem.column,
        "lineNumber": problem.line,
        "problem": problem.text,
        "problemType": "Error",
        "success": False,
    }


class Deployments:
    """All deployments of an org, in their order."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock, self._pace = clock, pace
        self._all: dict[str, Deployment] = {}

    def begin(self, archive: Archive, options: dict[str, Json], user_id: str) -> Deployment:
        """Takes one on."""
        begun = Deployment(
            make(PREFIX, len(self._all) + 1), archive, options, user_id, self._clock.now(),
            self._pace.times.deploy_seconds,
        )  # fmt: skip
        self._all[begun.id] = begun
        return begun

    def find(self, deployment_id: str) -> Deployment:
        """One by its id, else 404."""
        found = self._all.get(normalized(deployment_id) or "")
        if found is None:
            raise not_found()
        return found

    def waiting(self) -> list[Deployment]:
        """Those that have not ended."""
        return [each for each in self._all.values() if each.ended_at is None]

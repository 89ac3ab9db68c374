"""Deployments of metadata: a zip file goes up, and Salesforce says how it gets on.

The REST resource deployRequest of the Metadata API, and not SOAP: it takes the same login, session, budget and time
limits as every other call, and needs no WSDL. (Path and multipart form measured with Salesforce's own CLI; names of
options and answers: Metadata API guide.)"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simple_salesforce.api import Salesforce

from pipelines.errors import Co2sfError, FixAccess
from pipelines.salesforce.connection import Connection, Faulty, said

_PATH = "metadata/deployRequest"


@dataclass(frozen=True, slots=True)
class Failure:
    """A component that Salesforce does not take; ``file`` and ``line`` are those of the zip file."""

    kind: str
    name: str
    file: str
    line: int
    column: int
    problem: str


@dataclass(frozen=True, slots=True)
class Landed:
    """A component that Salesforce takes: new to the org, or changed, or neither."""

    kind: str
    name: str
    is_new: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Deployment:
    """How a deployment gets on."""

    id: str
    status: str
    done: bool
    success: bool
    check_only: bool
    total: int
    deployed: int
    errors: int
    doing: str
    """What Salesforce is at just now, in its own words."""
    message: str
    """What stopped it as a whole."""
    user_id: str
    """Who deploys."""
    failures: tuple[Failure, ...]
    landed: tuple[Landed, ...]
    """Told at the end; of a check what would land."""


class Deployments:
    """The deployments of one org."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, archive: bytes, *, check_only: bool) -> Deployment:
        """Begin one: all of it lands or nothing, and nothing is ever deleted. It goes on whatever becomes of us.

        It is not sent twice; but a second one does no harm, since it says the same."""
        options = {"checkOnly": check_only, "rollbackOnError": True, "singlePackage": True}
        files = {
            "json": (None, json.dumps({"deployOptions": options}), "application/json"),
            "file": ("deploy.zip", archive, "application/zip"),
        }

        def ask(client: Salesforce) -> Any:  # noqa: ANN401 - what JSON holds
            # requests writes the type itself, with the boundary
            return self._connection.send(client, "POST", _PATH, files=files, headers={"Content-Type": None}).json()

        return _read(self._asked(ask))

    def look(self, deployment_id: str) -> Deployment:
        """How one gets on, or has ended; FixAccess when the org knows none of this id."""
        path = f"{_PATH}/{deployment_id}?includeDetails=true"
        return _read(self._asked(lambda client: client.restful(path)))

    def _asked(self, ask: Callable[[Salesforce], Any]) -> Mapping[str, Any]:
        try:
            answer = self._connection.call(ask)
        except Faulty as fault:
            raise _refusal(fault) from None
        if not isinstance(answer, dict) or "deployResult" not in answer:
            raise FixAccess("Salesforce: the answer about the deployment has no deployResult; check the API version")
        return answer


def _refusal(fault: Faulty) -> Co2sfError:
    if fault.status == 404:
        return FixAccess("Salesforce: the org knows no deployment of this id; deploy again, which does no harm")
    if fault.reply.code.startswith("INSUFFICIENT_ACCESS"):
        return FixAccess(
            f"Salesforce: this user may not deploy metadata ({fault.reply.code}); give it the right Modify Metadata "
            "Through Metadata API Functions, or let an administrator deploy the folder with sf project deploy start"
        )
    return said(fault)


def _read(answer: Mapping[str, Any]) -> Deployment:
    result = answer["deployResult"]
    details = result.get("details") or {}
    return Deployment(
        id=str(answer.get("id") or result.get("id") or ""),
        status=str(result.get("status") or "Pending"),
        done=bool(result.get("done")),
        success=bool(result.get("success")),
        check_only=bool(result.get("checkOnly")),
        total=int(result.get("numberComponentsTotal") or 0),
        deployed=int(result.get("numberComponentsDeployed") or 0),
        errors=int(result.get("numberComponentErrors") or 0),
        doing=str(result.get("stateDetail") or ""),
        message=str(result.get("errorMessage") or ""),
        user_id=str(result.get("createdBy") or ""),
        failures=tuple(_failure(each) for each in details.get("componentFailures") or ()),
        landed=tuple(_landed(each) for each in details.get("componentSuccesses") or () if each.get("componentType")),
    )


def _landed(entry: Mapping[str, Any]) -> Landed:
    """The manifest itself is named too, without a type."""
    return Landed(
        kind=str(entry["componentType"]),
        name=str(entry.get("fullName") or ""),
        is_new=bool(entry.get("created")),
        is_changed=bool(entry.get("changed")) and not entry.get("created"),
    )


def _failure(entry: Mapping[str, Any]) -> Failure:
    return Failure(
        kind=str(entry.get("componentType") or ""),
        name=str(entry.get("fullName") or ""),
        file=str(entry.get("fileName") or ""),
        line=int(entry.get("lineNumber") or 0),
        column=int(entry.get("columnNumber") or 0),
        problem=str(entry.get("problem") or ""),
    )

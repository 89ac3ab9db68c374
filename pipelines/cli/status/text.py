"""co2sf status as text."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from pipelines.cli.duration import duration

_LOGINS = {"web": "web-server flow (refresh token)", "jwt": "JWT bearer", "client_credentials": "client credentials"}
_LIMITS = {"DailyApiRequests": "API calls", "DailyBulkApiBatches": "Bulk batches", "DataStorageMB": "MB of storage"}


def print_status(told: dict[str, Any]) -> None:
    """A block for each connection, and one for what is here."""
    for title, lines in (
        ("Salesforce", _side(told["salesforce"], _salesforce)),
        ("ChargeOver", _side(told["chargeover"], _chargeover)),
        ("Here", _here(told)),
    ):
        click.secho(title, bold=True)
        for name, text in lines:
            click.echo(f"  {name:<12}{text}")


def _side(side: dict[str, Any], lines: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    yield "works", "yes" if side["works"] else f"NO: {side['problem']}"
    if side["works"]:
        yield from lines(side)
    for origin in dict.fromkeys(side["from"].values()):
        names = ", ".join(name.replace("_", " ") for name, each in side["from"].items() if each == origin)
        yield "from", f"{origin}: {names}"


def _salesforce(side: dict[str, Any]) -> Iterator[tuple[str, str]]:
    who = f"{side['username']} ({side['name']})" if side["username"] else "not named by the scopes of the app"
    yield "org", f"{side['org_id']} at {side['url']}"
    yield "user", who
    yield "login", f"{_LOGINS[side['login']]}{_age(side['refreshed_at'])}"
    yield "API", f"{side['api_version']}; the org's newest is {side['newest_api_version']}"
    yield "rights", _rights(side["rights"])
    yield "quota", "; ".join(_quota(side["limits"]))
    calls = side["calls"]
    yield (
        "",
        f"co2sf made {calls['co2sf_made']:,} of the {calls['co2sf_may_make']:,} calls of 24 hours that it may make",
    )


def _age(refreshed_at: str) -> str:
    if not refreshed_at:
        return ""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(refreshed_at)).total_seconds()
    return f", access token {duration(max(seconds, 0))} old, renewed by itself"


def _rights(rights: list[dict[str, Any]]) -> str:
    """Those that lack, else that all are there."""
    lacking = [f"{each['sobject']} ({_lack(each)})" for each in rights if not (each["create"] and each["edit"])]
    if lacking:
        return f"MISSING for {', '.join(lacking)}: give the user the permission set of the schema"
    return f"may create and edit all {len(rights)} sObjects of the mappings" if rights else "there is no mapping"


def _lack(right: dict[str, Any]) -> str:
    if not right["seen"]:
        return "not there, or hidden"
    return ", ".join(f"no {verb}" for verb in ("create", "edit") if not right[verb])


def _quota(limits: dict[str, Any]) -> Iterator[str]:
    for name, figures in limits.items():
        yield f"{figures['Remaining']:,} of {figures['Max']:,} {_LIMITS.get(name, name)} left"


def _chargeover(side: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "account", f"{side['url']}, {side['customers']:,} customers"
    yield "times", f"{side['zone']}: {side['times']}"


def _here(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "versions", ", ".join(f"{name} {number}" for name, number in told["versions"].items())
    yield "ledger", told["ledger"]
    yield "secrets", told["connections"]

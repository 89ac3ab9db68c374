"""``python -m sandbox``: a made-up billing company in ChargeOver and an empty Salesforce org, as two local servers."""

import argparse
import json
import signal
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox import chargeover, salesforce
from sandbox.chargeover import state
from sandbox.chargeover.generator import generate
from sandbox.serving import serve

_PEOPLE = 200


def main(arguments: list[str] | None = None) -> int:
    """Serve both until Ctrl-C or SIGTERM; with --state, go on from the file and save to it at the end."""
    asked = _parser().parse_args(arguments)
    try:
        _serve(asked)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"the sandbox cannot start: {problem}\n")
        return 1
    return 0


def _serve(asked: argparse.Namespace) -> None:
    saved = _saved(asked.state)
    company = _company(asked, saved)
    org = _org(asked, saved)
    ended = threading.Event()
    with ExitStack() as servers:
        billing = servers.enter_context(serve(chargeover.app(company, admin=asked.admin), asked.chargeover_port))
        crm = servers.enter_context(serve(salesforce.app(org, admin=asked.admin), asked.salesforce_port))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        keys, client = company.settings, org.settings
        _say(f"ChargeOver  {billing.url}  public key {keys.public_key}  private key {keys.private_key}")
        _say(f"Salesforce  {crm.url}  client id {client.client_id}  client secret {client.client_secret}")
        ended.wait()
    if asked.state is not None:
        _save(asked.state, {"chargeover": state.dump(company), "salesforce": org.dump()})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    parser.add_argument("--chargeover-port", type=int, default=8071)
    parser.add_argument("--salesforce-port", type=int, default=8072)
    parser.add_argument("--customers", type=int, default=_PEOPLE, help="how many customers to make up")
    parser.add_argument("--months", type=int, default=6, help="during how many months they joined")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same company")
    parser.add_argument("--until", type=datetime.fromisoformat, help="the company's present (default: today)")
    parser.add_argument("--state", type=Path, help="go on from this file if it exists; save to it at the end")
    parser.add_argument("--admin", action="store_true", help="open /_admin/ on both")
    parser.add_argument(
        "--schema",
        type=_schema,
        default=Path("schema/force-app"),
        help="Salesforce source-format metadata; none: an org as Salesforce delivers it, to deploy to",
    )
    parser.add_argument("--jwt-public-key", type=Path, help="PEM file of the key that signs JWT logins")
    return parser


def _schema(written: str) -> Path | None:
    return None if written == "none" else Path(written)


def _company(asked: argparse.Namespace, saved: dict[str, Any]) -> chargeover.Company:
    if "chargeover" in saved:
        return state.load(saved["chargeover"])
    # From midnight, so that two starts on one day make the same company.
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until = asked.until or midnight
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    company = generate(asked.customers, asked.months, asked.seed, until=until)
    if not asked.until:
        company.clock.set(datetime.now(UTC))
    return company


def _org(asked: argparse.Namespace, saved: dict[str, Any]) -> salesforce.Org:
    options = {"public_key_pem": asked.jwt_public_key.read_text("ascii")} if asked.jwt_public_key else {}
    if "salesforce" in saved:
        return salesforce.Org.load(saved["salesforce"], asked.schema, **options)
    return salesforce.Org.from_metadata(asked.schema, **options)


def _saved(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"), object_hook=state.exact)
    except ValueError as problem:
        raise ValueError(f"{path} is no saved state ({problem}); delete it to start anew") from problem
    return found


def _save(path: Path, both: dict[str, Any]) -> None:
    """Write beside the file first, so that a kill in between leaves the old one whole."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(both, default=state.plain), "utf-8")
    fresh.replace(path)


def _say(line: str) -> None:
    print(line, file=sys.stdout, flush=True)  # noqa: T201 -- what this command is for


if __name__ == "__main__":
    sys.exit(main())

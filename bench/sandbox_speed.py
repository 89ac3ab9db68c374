"""The sandbox itself must not be what takes the time of a load: processor seconds of two of its answers.

``python bench/sandbox_speed.py`` prints the least of five for a Composite of 1,000 rows, and for a query by 200
external ids among 50,000 rows. Client and server share this process, so both are in the figures.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.salesforce.batch import Collection, Request
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from sandbox.salesforce import Org as SandboxOrg
from sandbox.salesforce import app
from sandbox.serving import serve

_schema = Path(__file__).parents[1] / "schema" / "force-app"


def main() -> None:
    """Print both figures."""
    vendor = SandboxOrg.from_metadata(_schema)
    with (
        serve(app(vendor)) as running,
        Org(ClientCredentials(running.url, "sandbox-client-id", "sandbox-client-secret")) as org,
    ):
        least = min(_took(lambda turn=turn: org.upsert(_request(turn))) for turn in range(5))
        print(f"a Composite of 1,000 rows: {1000 * least:.0f} ms")
        table = vendor.tables["Account"]
        for number in range(50_000):
            table.insert({"Id": table.next_id(), "Name": "A", "ChargeOver_Id__c": f"k{number}"})
        listed = ", ".join(f"'k{number}'" for number in range(0, 50_000, 250))
        soql = f"SELECT Id FROM Account WHERE ChargeOver_Id__c IN ({listed}) AND Name = 'A'"
        least = min(_took(lambda: list(org.query(soql))) for _ in range(5))
        print(f"a query by 200 of 50,000 external ids: {1000 * least:.0f} ms")


def _took(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def _request(turn: int) -> Request:
    wide = {
        "Name": "Some Company Ltd.",
        "Phone": "555 1234",
        "BillingStreet": "1 Long Street",
        "BillingCity": "Springfield",
    }
    rows = [json.dumps({**wide, "ChargeOver_Id__c": f"{turn}-{number}"}) for number in range(1_000)]
    return Request([Collection("Account", "ChargeOver_Id__c", rows[at : at + 200]) for at in range(0, 1_000, 200)])


if __name__ == "__main__":
    main()

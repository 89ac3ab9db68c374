"""One org serves several writers at once."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.salesforce.batch import Collection, Request

pytestmark = pytest.mark.slow


def request(writer: int, number: int) -> Request:
    keys = range(writer * 1000 + number * 20, writer * 1000 + number * 20 + 20)
    rows = [json.dumps({"ChargeOver_Id__c": str(key), "Name": f"Account {key}"}) for key in keys]
    return Request([Collection("Account", "ChargeOver_Id__c", rows)])


def test_writers_share_one_login_and_one_renewal(vendor, org):
    def write(writer: int) -> list[bool]:
        return [reply.success for number in range(10) for reply in org.upsert(request(writer, number))[0]]

    vendor.fault("expired_session", path="composite")
    with ThreadPoolExecutor(4) as threads:
        written = list(threads.map(write, range(4)))

    assert written == [[True] * 200] * 4
    assert len({row["ChargeOver_Id__c"] for row in vendor.rows("Account")}) == 800
    assert org.usage.write_calls_made - 40 <= 4
    assert len(vendor.org.sessions._used_at) == 1

"""The mappings that come with the project, and what they make of one record."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.chargeover.catalog import vocabulary
from pipelines.mapping.frame import frame_of
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.translate import Identity, translate

MAPPINGS = Path(__file__).parents[3] / "mappings"
CHICAGO = ZoneInfo("America/Chicago")
AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def shelf():
    return read_mappings(MAPPINGS, vocabulary())


@pytest.fixture
def translated(shelf):
    def translated(name, *records):
        mapping = next(each for each in shelf.mappings if each.name == name)
        kind, _, children = mapping.source.partition(".")
        key = {"user": "user_id"}.get(kind, f"{kind}_id")
        customer = None if kind == "item" else "customer_id"
        prefix = f"{kind}." if children else ""
        identity = Identity(f"{prefix}{key}", customer and f"{prefix}{customer}")
        return translate(frame_of(records, vocabulary()[mapping.source], AT), mapping, identity, CHICAGO)

    return translated


@pytest.fixture
def row(translated):
    def row(name, record):
        result = translated(name, record)
        assert list(result.rejections["message"]) == []
        (payload,), (lookups,) = result.payloads["payload"], result.payloads["lookups"]
        return json.loads(payload, parse_float=Decimal) | json.loads(lookups)

    return row


@pytest.fixture
def rejection(translated):
    def rejection(name, record):
        (message,) = translated(name, record).rejections["message"]
        return message

    return rejection

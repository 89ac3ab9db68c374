"""Row texts become a request without being read, and answers become replies whatever their shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.salesforce.batch import Collection, Request
from pipelines.salesforce.chunk import packed, regrouped, whole
from pipelines.salesforce.replies import failure, reply_of
from pipelines.salesforce.usage import Meter

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]))


@given(st.lists(st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers() | TEXTS), min_size=1, max_size=5))
def test_the_body_holds_the_rows_as_they_are_and_their_type(rows):
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]

    body = json.loads(Collection("Invoice__c", "Ext__c", texts).body(list(range(len(rows)))))

    typed = [{"attributes": {"type": "Invoice__c"}, **row} for row in rows if "attributes" not in row]
    assert body == {"allOrNone": False, "records": typed}


def test_a_collection_holds_one_to_two_hundred_rows_of_plain_names():
    with pytest.raises(ValueError, match="1 to 200 rows, not 201"):
        Collection("A", "B", ["{}"] * 201)
    with pytest.raises(ValueError, match="1 to 200 rows, not 0"):
        Collection("A", "B", [])
    with pytest.raises(ValueError, match="is not the API name"):
        Collection("A/../B", "B", ["{}"])
    with pytest.raises(ValueError, match="the text of a JSON object"):
        Collection("A", "B", ["[]"])
    with pytest.raises(ValueError, match="1 to 5 collections, not 6"):
        Request([Collection("A", "B", ["{}"])] * 6)


def test_a_text_that_composite_would_take_for_a_reference_travels_outside_it():
    request = Request(
        [
            Collection("A", "E", ['{"E":"1"}']),
            Collection("B", "E", ['{"E":"1","N":"see @{c0_0.id}"}']),
            Collection("C", "E", ['{"E":"1"}']),
        ]
    )

    assert [[chunk.collection for chunk in call] for call in packed(request, whole(request))] == [[0], [1], [2]]


def test_rows_that_were_busy_travel_in_ever_smaller_company():
    busy = [(0, n) for n in range(200)]

    assert [len(regrouped(busy, tried)) for tried in (1, 2, 3, 4)] == [2, 4, 8, 17]
    assert [key for chunk in regrouped(busy, 3) for key in chunk.keys] == busy


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([{"statusCode": "STRING_TOO_LONG", "message": "m", "fields": ["Name"]}], "STRING_TOO_LONG"),
        ([{"errorCode": "NOT_FOUND", "message": "m"}], "NOT_FOUND"),
        ([], "UNKNOWN"),
        (None, "UNKNOWN"),
        ("<html>", "UNKNOWN"),
        (["text"], "UNKNOWN"),
    ],
)
def test_errors_of_every_shape_become_a_reply(errors, code):
    assert failure(errors).code == code
    assert not failure(errors).success


def test_an_edge_that_fails_without_words_is_busy():
    assert failure(None, 503).code == "SERVER_UNAVAILABLE"


def test_the_answer_for_a_row_becomes_a_reply():
    created = reply_of({"id": "001", "success": True, "errors": [], "created": True})
    refused = reply_of({"success": False, "errors": [{"statusCode": "X", "message": "m", "fields": ["F", "G"]}]})

    assert (created.success, created.created, created.id) == (True, True, "001")
    assert (refused.success, refused.code, refused.fields, refused.held, refused.stops) == (
        False,
        "X",
        ("F", "G"),
        False,
        False,
    )


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("api-usage=18/5000", (18, 5000)),
        ("api-usage=25/5000; per-app-api-usage=17/250(appName=sample)", (25, 5000)),
        ("per-app-api-usage=17/250(appName=sample)", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_the_allowance_is_read_from_its_header(header, told):
    meter = Meter()
    meter.read(header)
    assert (meter.usage.used, meter.usage.allowed) == told

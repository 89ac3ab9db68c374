"""Ids: 15 characters, their checksum, their order."""

import pytest

from sandbox.salesforce.ids import custom_prefix, lengthen, make, normalized


@pytest.mark.parametrize(
    "record_id", ["0015500001QdZPKAA3", "0035500001H9kZuAAJ", "001Da00000xnAk6IAE", "a0B000000000001EAA"]
)
def test_the_checksum_agrees_with_ids_of_real_orgs(record_id):
    assert lengthen(record_id[:15]) == record_id
    assert normalized(record_id) == normalized(record_id[:15]) == record_id


@pytest.mark.parametrize("text", ["", "001", "0015500001QdZPKAA4", "0015500001QdZP-", "0015500001QdZPKA", "ü" * 15])
def test_what_is_no_id_is_told_apart(text):
    assert normalized(text) is None


def test_ids_of_one_object_sort_as_they_were_made():
    made = [make("a00", number) for number in range(1, 5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {len(record_id) for record_id in made} == {18}


def test_custom_prefixes_differ():
    assert len({custom_prefix(number) for number in range(200)}) == 200

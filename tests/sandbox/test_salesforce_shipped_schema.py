"""The recommended schema, as the sandbox reads it."""

from pathlib import Path

import pytest

from sandbox.salesforce import Org, app
from sandbox.salesforce.permissions import ALWAYS_SEEN

SCHEMA = Path(__file__).parents[2] / "schema" / "force-app"


@pytest.fixture(scope="module")
def shipped():
    return Org.from_metadata(SCHEMA)


def test_it_loads_with_an_external_id_on_every_object(shipped):
    objects = [shape for shape in shipped.seen.values() if shape.name not in ALWAYS_SEEN]
    assert len(objects) > 5
    for shape in objects:
        assert any(field.external_id and field.unique for field in shape.fields.values()), shape.name


def test_its_permission_set_grants_every_custom_field(shipped):
    everything = Org.from_metadata(SCHEMA, field_level_security=False)
    for name, shape in everything.seen.items():
        custom = {field.name for field in shape.fields.values() if field.custom}
        assert custom - set(shipped.seen[name].fields) == set(), name


def test_its_lookups_name_objects_that_are_there(shipped):
    for shape in shipped.seen.values():
        for field in shape.fields.values():
            if field.custom and field.reference_to:
                assert set(field.reference_to) <= set(shipped.seen), f"{shape.name}.{field.name}"


def test_its_accounts_can_be_loaded(shipped, salesforce, stage):
    stage.app = app(shipped)
    salesforce.log_in()
    key = next(field.name for field in shipped.seen["Account"].fields.values() if field.external_id and field.unique)
    (result,) = salesforce.upsert("Account", key, {key: "1", "Name": "Ada"})
    assert result["created"] is True

"""The metadata that is derived from mappings: types and sizes, lookups, and that it equals the recommended schema."""

import shutil
from pathlib import Path

import pytest

from pipelines.chargeover.catalog import vocabulary
from pipelines.mapping.reading import read_mappings
from pipelines.schema.files import all_files
from pipelines.schema.needs import needs_of
from pipelines.schema.project import Fate, Project

ROOT = Path(__file__).parents[2]
path_of_the_set = "ChargeOver_Sync.permissionset-meta.xml"
ONLY_SHIPPED = {"objects/ChargeOver_Subscription_Line__c/fields/Pricing__c.field-meta.xml"}


@pytest.fixture(scope="module")
def generated():
    return all_files(needs_of(read_mappings(ROOT / "mappings", vocabulary())))


def test_the_recommended_schema_says_all_that_is_generated_for_the_shipped_mappings(generated, tmp_path):
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    project = Project.at(tmp_path / "schema")
    fates = project.write(generated, force=False)
    assert [path for path, fate in fates.items() if fate is not Fate.SAME] == []
    shipped = {path.relative_to(project.root).as_posix() for path in project.root.rglob("*.xml")}
    assert shipped - set(generated) == ONLY_SHIPPED


def test_a_new_rule_adds_its_field_to_the_recommended_schema_and_grants_it(tmp_path):
    for name in ("schema", "mappings"):
        shutil.copytree(ROOT / name, tmp_path / name)
    file = tmp_path / "mappings" / "invoices.yaml"
    file.write_text(file.read_text().replace("lookups:", "  PO_Number__c: custom_1\n\nlookups:", 1))
    files = all_files(needs_of(read_mappings(tmp_path / "mappings", vocabulary())))
    project = Project.at(tmp_path / "schema")

    fates = project.write(files, force=False)

    done = {path.name.partition(".")[0]: fate for path, fate in fates.items() if fate is not Fate.SAME}
    assert done == {"PO_Number__c": Fate.WRITTEN, "ChargeOver_Sync": Fate.CHANGED}
    assert "ChargeOver_Invoice__c.PO_Number__c" in (project.root / "permissionsets" / path_of_the_set).read_text()


@pytest.fixture
def fields(tmp_path):
    """The fields that a mapping of invoices with these rules needs, by name."""

    def needed(rules, rest=""):
        lines = "".join(f"  {line}\n" for line in rules.splitlines())
        head = "from: invoice\nto: Bill__c\nexternal_id: Key__c\nfields:\n  Key__c: invoice_id\n"
        (tmp_path / "bills.yaml").write_text(head + lines + rest)
        (tmp_path / "conversions.py").write_text(
            "from pipelines.mapping.conversions import conversion\n\n\n"
            "@conversion(into='date datetime')\ndef day(value):\n    return value\n"
        )
        (tmp_path / "payers.yaml").write_text(
            "from: customer\nto: Payer__c\nexternal_id: Key__c\nfields:\n  Key__c: customer_id\n"
        )
        shelf = read_mappings(tmp_path, vocabulary())
        assert shelf.problems == ()
        return {field.name: field for need in needs_of(shelf) if need.sobject == "Bill__c" for field in need.fields}

    return needed


TYPES = [
    ("memo", "Text 255"),
    ("{from: memo, max: 80}", "Text 80"),
    ("{from: memo, max: 256}", "LongTextArea 256"),
    ("{from: memo, as: textarea, max: 200}", "TextArea"),
    ("{from: memo, as: textarea, max: 1000}", "LongTextArea 1000"),
    ("{from: memo, as: rich_text}", "Html 32768"),
    ("{from: total, as: currency}", "Currency 18,2"),
    ("{from: total, as: currency, scale: 3}", "Currency 18,3"),
    ("{from: total, as: number}", "Number 18,4"),
    ("{from: declines, as: integer}", "Number 18,0"),
    ("{from: total, as: percent, scale: 0}", "Percent 18,0"),
    ("{from: is_void, as: checkbox}", "Checkbox"),
    ("{from: date, as: date}", "Date"),
    ("{from: date, as: day}", "Date"),
    ("{from: url_self, as: url}", "Url"),
    ("{value: 'true'}", "Checkbox"),
    ("{value: ChargeOver}", "Text 255"),
    ("{from: memo, as: picklist}", "Text 255"),
    ("{from: memo, choices: {a: One, b: Two}}", "restricted Picklist: One, Two"),
    ("{from: memo, choices: {a: One}, otherwise: {value: Two}}", "restricted Picklist: One, Two"),
    ("{from: memo, as: picklist, choices: {a: One}, otherwise: keep, default: None}", "Picklist: None, One"),
    ("{from: memo, as: multipicklist, choices: {a: One;Two}}", "restricted MultiselectPicklist: One, Two"),
    ("{from: is_void, as: checkbox, choices: {y: 'true'}}", "Checkbox"),
]


def test_each_rule_gets_the_field_that_its_conversion_goes_into(fields):
    rules = "\n".join(f"F{number}__c: {rule}" for number, (rule, _) in enumerate(TYPES))
    found = fields(rules)
    assert [found[f"F{number}__c"].words for number in range(len(TYPES))] == [words for _, words in TYPES]
    assert found["Key__c"].words == "Text 40, unique external id"


def test_what_on_delete_sets_is_a_field_too(fields):
    found = fields("Memo__c: memo", "on_delete: {Is_Gone__c: true, Why__c: deleted}\n")
    assert (found["Is_Gone__c"].words, found["Why__c"].words) == ("Checkbox", "Text 255")


def test_two_lookups_to_one_parent_have_relationship_names_of_their_own(fields):
    lookups = (
        "lookups:\n"
        "  First__c: {from: customer_id, to: Payer__c}\n"
        "  Second__c: {from: customer_id, to: Payer__c, missing: null}\n"
    )
    found = fields("Memo__c: memo", lookups)
    assert (found["First__c"].relationship, found["Second__c"].relationship) == ("Bills", "Bills_Second")
    assert (found["First__c"].on_parent_delete, found["Second__c"].on_parent_delete) == ("Restrict", "SetNull")

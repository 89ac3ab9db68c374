"""What editors complete and underline: the schema as such, and as the language server of VS Code applies it."""

import json
import os
import shutil

import jsonschema
import pytest
import yaml
from language_server import editor

from pipelines.chargeover.reference import SCHEMA

SERVER = os.environ.get("YAML_LANGUAGE_SERVER") or shutil.which("yaml-language-server")
MISTAKES = {
    "from: invoice\n": "from: invoic\n",  # an object
    "from: total, ": "from: totl, ",  # a field of ChargeOver
    "from: [refnumber, invoice_id]": "from: [refnumbr, invoice_id]",
    "terms_name": "trms_name",
    "from: customer_id": "from: custmer_id",
    "external_id: ": "externalid: ",  # a key
    "too_long: cut": "too_long: cutt",  # an option
    "otherwise: reject": "otherwise: rejct",
    "on_delete: ignore": "only: {invoice_stat: o}",
}
MISTAKES_IN_THE_ORG = {
    "to: ChargeOver_Invoice__c": "to: ChargeOver_Invoise__c",  # an sObject
    "Total__c: ": "Totel__c: ",  # its fields
    "Account__c: ": "Acount__c: ",
    "to: Account}": "to: Contact}",
    "open-unpaid:      Unpaid": "open-unpaid:      Unpayed",  # a value of a restricted picklist
    "{from: total,       as: currency}": "total",  # a conversion of the right type
    "as: date}": "as: datetime}",
    "as: url}": "as: urll}",  # a conversion that nobody declared
    "external_id: ChargeOver_Id__c": "external_id: Memo__c",
}
HEAD = "# yaml-language-server: $schema=org.schema.json\nfrom: invoice\nto: ChargeOver_Invoice__c\n"


@pytest.fixture
def customers():
    return 1


def wrong(schema, text):
    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text()))
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def spoiled(text, right, mistake):
    assert right in text
    return text.replace(right, mistake, 1)


def test_every_shipped_mapping_is_right_and_typical_mistakes_are_not(shelf):
    assert {path.name: wrong(SCHEMA, path.read_text()) for path in shelf.glob("*.yaml")} == {
        path.name: [] for path in shelf.glob("*.yaml")
    }
    text = (shelf / "invoices.yaml").read_text()
    assert [right for right, mistake in MISTAKES.items() if not wrong(SCHEMA, spoiled(text, right, mistake))] == []


@pytest.mark.slow
def test_the_schema_of_an_org_knows_its_names_and_the_mappings_point_to_it(co2sf, world, live):
    told = co2sf("editor")

    assert told.code == 0
    assert told.out.endswith("13 mappings point to it\n")
    schema, text = live / "org.schema.json", (live / "invoices.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=org.schema.json\n# A ChargeOver invoice")
    assert [each for path in live.glob("*.yaml") for each in wrong(schema, path.read_text())] == []
    mistakes = MISTAKES | MISTAKES_IN_THE_ORG
    assert [right for right, mistake in mistakes.items() if not wrong(schema, spoiled(text, right, mistake))] == []
    assert co2sf("check").code == 0

    assert co2sf("editor", "--back").out == "13 mappings point to mapping.schema.json\n"
    assert "$schema=mapping.schema.json" in (live / "invoices.yaml").read_text()


@pytest.mark.slow
def test_own_conversions_are_known_too(co2sf, world, live):
    (live / "conversions.py").write_text(
        "from pipelines.mapping.conversions import conversion\n\n\n"
        '@conversion(into="url")\ndef link(value):\n    """A link."""\n    return value\n'
    )
    co2sf("editor")
    text = (live / "invoices.yaml").read_text()
    assert wrong(live / "org.schema.json", text.replace("as: url}", "as: link}")) == []
    assert wrong(live / "org.schema.json", text.replace("as: url}", "as: lnk}")) != []


@pytest.mark.slow
@pytest.mark.skipif(not SERVER, reason="yaml-language-server is not installed: npm install -g yaml-language-server")
def test_the_language_server_of_vs_code_completes_and_underlines(co2sf, world, live):
    co2sf("editor")
    text = (live / "invoices.yaml").read_text()
    with editor(SERVER, live) as vscode:
        assert vscode.complaints(live / "invoices.yaml", text) == []
        spoilt = spoiled(spoiled(text, "from: total, ", "from: totl, "), "Memo__c: ", "Memmo__c: ")
        complaints = vscode.complaints(live / "spoilt.yaml", spoilt)
        assert [each.partition(": ")[2] for each in complaints] == [
            "invoice has no such field: co2sf fields invoice lists them",
            "ChargeOver_Invoice__c has no such field that can be written",
        ]

        def offers(written):
            return vscode.offers(live / f"{abs(hash(written))}.yaml", HEAD + written)

        key = "external_id: ChargeOver_Id__c\n"
        assert "ChargeOver_Id__c" in offers("external_id: |")
        assert offers(f"{key}fields:\n  |")["Total__c"] == "Total: currency(16,2)"
        assert "Id" not in offers(f"{key}fields:\n  |")
        fields = offers(f"{key}fields:\n  Total__c: {{from: |}}")
        assert fields["total"] == "decimal: amount with taxes"
        assert "line_total" not in fields
        assert "exact amount of money" in offers(f"{key}fields:\n  Total__c:\n    from: total\n    as: |")["currency"]
        assert "Unpaid" in offers(f"{key}fields:\n  Status__c:\n    from: memo\n    choices:\n      open-unpaid: |")
        assert set(offers(f"{key}fields:\n  Name: memo\nlookups:\n  |")) == {"Account__c", "Subscription__c", "OwnerId"}
        assert "invoice.line_items" in vscode.offers(live / "new.yaml", HEAD.partition("from")[0] + "from: |")

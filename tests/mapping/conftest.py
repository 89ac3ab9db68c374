"""What the tests of the mapping room share: a small billing vocabulary, and files written into fresh folders."""

import textwrap
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.mapping.conversions import BUILT_IN, Bound
from pipelines.mapping.frame import frame_of
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.shape import FieldShape, SObjectShape
from pipelines.mapping.translate import Identity, translate

CHICAGO = ZoneInfo("America/Chicago")
SEEN_AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
INVOICE = {
    "invoice_id": "int",
    "customer_id": "int",
    "package_id": "int",
    "refnumber": "text",
    "memo": "text",
    "external_key": "text",
    "invoice_status_str": "text",
    "total": "decimal",
    "balance": "decimal",
    "is_void": "bool",
    "date": "date",
    "mod_datetime": "datetime",
    "detail": "json",
}
LINES = {"line_item_id": "int", "item_id": "int", "descrip": "text", "line_total": "decimal"}
SOURCES = {
    "invoice": INVOICE,
    "invoice.line_items": LINES | {f"invoice.{name}": kind for name, kind in INVOICE.items()},
    "customer": {"customer_id": "int", "parent_customer_id": "int", "company": "text", "token": "text"},
    "creditcard": {"creditcard_id": "int", "customer_id": "int", "mask_number": "text", "type_name": "text"},
}
HEAD = "from: invoice\nto: Invoice__c\nexternal_id: Key__c\n"
ACCOUNT = "from: customer\nto: Account\nexternal_id: Key__c\nfields:\n  Key__c: customer_id\n"


@pytest.fixture(scope="session")
def sources():
    return SOURCES


@pytest.fixture(scope="session")
def read(tmp_path_factory):
    """Reads files given as name=text (or bytes) from a folder of their own."""

    def reader(conversions=None, **files):
        folder = tmp_path_factory.mktemp("mappings")
        for name, text in files.items():
            content = text if isinstance(text, bytes) else textwrap.dedent(text).encode("utf-8", "surrogatepass")
            (folder / f"{name}.yaml").write_bytes(content)
        if conversions is not None:
            (folder / "conversions.py").write_text(textwrap.dedent(conversions), encoding="utf-8")
        return read_mappings(folder, SOURCES)

    return reader


@pytest.fixture(scope="session")
def problems(read):
    """What is wrong with one file, as line:column: text."""

    def told(text, **others):
        shelf = read(invoices=text, **others)
        return [
            f"{each.line}:{each.column}: {each.text}" for each in shelf.problems if each.path.endswith("invoices.yaml")
        ]

    return told


@pytest.fixture(scope="session")
def mapped(read):
    """A mapping of invoices to Invoice__c with the given lines below fields:, and whatever else."""

    def make(fields, rest="", head=HEAD, conversions=None):
        body = textwrap.indent(textwrap.dedent(fields).strip("\n"), "  ")
        shelf = read(conversions, invoices=f"{head}fields:\n{body}\n{textwrap.dedent(rest)}", account=ACCOUNT)
        assert [str(problem) for problem in shelf.problems] == []
        return shelf.for_sobject("Invoice__c")

    return make


@pytest.fixture(scope="session")
def framed():
    def make(records, source="invoice"):
        return frame_of(records, SOURCES[source], SEEN_AT)

    return make


@pytest.fixture(scope="session")
def translated(mapped, framed):
    """Records of invoices translated by rules for fields other than the key."""

    def make(fields, records, rest="", **more):
        mapping = mapped("Key__c: invoice_id\n" + textwrap.dedent(fields), rest, **more)
        numbered = [{"invoice_id": at, "customer_id": 7, **record} for at, record in enumerate(records, 1)]
        return translate(framed(numbered), mapping, Identity("invoice_id", "customer_id"), CHICAGO)

    return make


@pytest.fixture(scope="session")
def convert():
    """One value by a built-in conversion."""

    def make(name, value, **options):
        return Bound(BUILT_IN[name], options).ready(CHICAGO)(value)

    return make


@pytest.fixture(scope="session")
def field_shape():
    def make(name, kind="string", **said):
        plain = {"length": 255 if kind == "string" else 0, "precision": 18, "scale": 2, "digits": 0}
        plain |= {"createable": True, "updateable": True, "nillable": True, "defaulted_on_create": False}
        plain |= {"external_id": False, "unique": False, "id_lookup": False, "restricted": False, "values": ()}
        plain |= {"reference_to": (), "relationship_name": None, "calculated": False, "auto_number": False}
        return FieldShape(name=name, type=kind, label=name, **(plain | said))

    return make


@pytest.fixture(scope="session")
def sobject(field_shape):
    def make(*fields, **said):
        key = field_shape("Key__c", external_id=True, unique=True, id_lookup=True)
        shapes = {each.name: each for each in (key, *fields)}
        return SObjectShape("Invoice__c", "Invoice", shapes, **({"createable": True, "updateable": True} | said))

    return make

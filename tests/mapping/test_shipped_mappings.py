"""The mappings that come with the project: no problems, and made for the recommended schema field by field."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from pipelines.chargeover.catalog import vocabulary
from pipelines.mapping.fit import fit
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.shape import FieldShape, SObjectShape

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "schema" / "force-app" / "main" / "default"
NAMESPACE = {"": "http://soap.sforce.com/2006/04/metadata"}
DESCRIBED = {
    "Text": "string",
    "LongTextArea": "textarea",
    "Number": "double",
    "Currency": "currency",
    "Checkbox": "boolean",
    "Picklist": "picklist",
    "Lookup": "reference",
    "MasterDetail": "reference",
    "Date": "date",
    "DateTime": "datetime",
    "Url": "url",
}
ADDRESS = {"Street": ("textarea", 255), "City": ("string", 40), "State": ("string", 80), "PostalCode": ("string", 20)}
ADDRESS |= {"Country": ("string", 80)}
# Standard fields as the describe of a real org shows them: type and length.
STANDARD = {
    "Account": {"Name": ("string", 255), "Phone": ("phone", 40), "ParentId": ("reference", 18)}
    | {f"{kind}{part}": shape for kind in ("Billing", "Shipping") for part, shape in ADDRESS.items()},
    "Contact": {
        "FirstName": ("string", 40),
        "LastName": ("string", 80),
        "Email": ("email", 80),
        "Phone": ("phone", 40),
        "Title": ("string", 128),
        "AccountId": ("reference", 18),
    },
    "Product2": {
        "Name": ("string", 255),
        "ProductCode": ("string", 255),
        "Description": ("textarea", 4000),
        "IsActive": ("boolean", 0),
    },
}
ADDRESS_PART = re.compile(rf"^(Billing|Shipping)({'|'.join(ADDRESS)})$")
ALWAYS_VISIBLE = {"Name", "FirstName", "LastName", "IsActive"}
REQUIRED = {("Account", "Name"), ("Contact", "LastName"), ("Product2", "Name")}


def element(path):
    root = ET.parse(path).getroot()
    return lambda tag: root.findtext(tag, default="", namespaces=NAMESPACE), root


def standard_field(sobject, name, kind, length):
    return shape(
        name,
        kind,
        length=length,
        nillable=(sobject, name) not in REQUIRED and kind != "boolean",
        defaulted_on_create=kind == "boolean",
        reference_to=("Account",) if kind == "reference" else (),
        relationship_name=name.removesuffix("Id") if kind == "reference" else None,
    )


def custom_field(path):
    said, root = element(path)
    kind = said("type")
    values = root.findall("valueSet/valueSetDefinition/value/fullName", NAMESPACE)
    return shape(
        said("fullName"),
        DESCRIBED[kind],
        length=int(said("length") or 255),
        precision=int(said("precision") or 0),
        scale=int(said("scale") or 0),
        updateable=kind != "MasterDetail" or said("reparentableMasterDetail") == "true",
        nillable=kind not in {"MasterDetail", "Checkbox"},
        defaulted_on_create=kind == "Checkbox",
        external_id=said("externalId") == "true",
        unique=said("unique") == "true",
        id_lookup=said("externalId") == "true",
        restricted=said("valueSet/restricted") == "true",
        values=tuple(value.text for value in values),
        reference_to=tuple(filter(None, [said("referenceTo")])),
        relationship_name=said("fullName")[:-1] + "r" if said("referenceTo") else None,
    )


def shape(name, kind, **said):
    plain = {"length": 0, "precision": 0, "scale": 0, "digits": 0, "createable": True, "updateable": True}
    plain |= {"nillable": True, "defaulted_on_create": False, "external_id": False, "unique": False}
    plain |= {"id_lookup": False, "restricted": False, "values": (), "reference_to": (), "relationship_name": None}
    return FieldShape(name, kind, label=name, calculated=False, auto_number=False, **(plain | said))


def sobject(name):
    fields = [standard_field(name, field, *about) for field, about in STANDARD.get(name, {}).items()]
    if name not in STANDARD:
        fields.append(shape("Name", "string", length=80, defaulted_on_create=True))
    fields += [custom_field(path) for path in (MAIN / "objects" / name / "fields").glob("*.xml")]
    return SObjectShape(name, name, {field.name: field for field in fields}, createable=True, updateable=True)


def granted(tag, right):
    _, root = element(MAIN / "permissionsets" / "ChargeOver_Sync.permissionset-meta.xml")
    entries = root.findall(f"{tag}Permissions", NAMESPACE)
    return {
        each.findtext(tag, namespaces=NAMESPACE)
        for each in entries
        if each.findtext(right, namespaces=NAMESPACE) == "true"
    }


@pytest.fixture(scope="module")
def shelf():
    return read_mappings(ROOT / "mappings", vocabulary())


def test_they_have_no_problems(shelf):
    assert [str(problem) for problem in shelf.problems] == []
    assert shelf.broken == ()


def test_every_object_and_every_kind_of_children_of_chargeover_has_one(shelf):
    assert {mapping.source for mapping in shelf.mappings} == set(vocabulary())


def test_every_object_of_the_schema_is_loaded(shelf):
    assert {mapping.to for mapping in shelf.mappings} == {path.name for path in (MAIN / "objects").iterdir()}


def test_parents_are_loaded_before_their_children(shelf):
    loaded = []
    for mapping in shelf.mappings:
        assert set(shelf.parents_of(mapping)) <= set(loaded)
        loaded.append(mapping.to)


def test_the_recommended_schema_fits_them_without_a_warning(shelf):
    misfits = [misfit for mapping in shelf.mappings for misfit in fit(mapping, sobject(mapping.to))]
    assert [str(misfit) for misfit in misfits] == []


def test_every_custom_field_of_the_schema_is_written(shelf):
    for mapping in shelf.mappings:
        declared = {path.name.partition(".")[0] for path in (MAIN / "objects" / mapping.to / "fields").glob("*.xml")}
        offered = set(re.findall(r"^  # (\w+__c): ", mapping.text, re.MULTILINE))  # at a price, in a comment
        assert declared - mapping.fields.keys() - mapping.lookups.keys() == offered


def test_the_permission_set_lets_the_sync_write_every_mapped_field(shelf):
    visible = granted("field", "editable")
    for mapping in shelf.mappings:
        fields = sobject(mapping.to).fields
        masters = {name for name, field in fields.items() if field.type == "reference" and not field.nillable}
        for field in (mapping.fields.keys() | mapping.lookups.keys()) - ALWAYS_VISIBLE - masters:
            assert mapping.to + "." + ADDRESS_PART.sub(r"\1Address", field) in visible


def test_the_sync_may_delete_what_they_delete_and_nothing_else(shelf):
    deleted = {mapping.to for mapping in shelf.mappings if mapping.on_delete == "delete"}
    assert granted("object", "allowDelete") == deleted
    assert granted("object", "allowCreate") == {mapping.to for mapping in shelf.mappings}


def test_a_closed_list_rejects_what_it_does_not_know_and_an_open_one_keeps_it(shelf):
    for mapping in shelf.mappings:
        fields = sobject(mapping.to).fields
        for name, rule in mapping.fields.items():
            if rule.choices:
                assert set(rule.choices.values()) == set(fields[name].values), name
                assert rule.otherwise == ("reject" if fields[name].restricted else "keep"), name


def test_empty_values_clear_our_objects_and_leave_those_that_sales_works_on(shelf):
    leave = {mapping.to for mapping in shelf.mappings if mapping.nulls == "leave"}
    assert leave == set(STANDARD)


def test_no_number_and_no_token_of_a_payment_method_is_mapped(shelf):
    read = {
        source
        for mapping in shelf.mappings
        for field in mapping.fields
        for source in mapping.sources_of(field)
        if mapping.object in {"creditcard", "ach"}
    }
    assert read == {
        *("creditcard_id", "ach_id", "type", "type_name", "name", "bank", "mask_number"),
        *("expdate", "expdate_formatted"),
    }


def test_each_begins_with_the_line_for_editors_and_a_sentence_for_people():
    for path in (ROOT / "mappings").glob("*.yaml"):
        editor, sentence, *_ = path.read_text().splitlines()
        assert editor == "# yaml-language-server: $schema=mapping.schema.json"
        assert sentence.startswith(("# A ", "# The ")), path
        assert sentence.endswith((".", "token.")), path

"""Deployments of metadata: what the sandboxed org takes, what it refuses in which words, and what it has afterwards."""

import io
import json
import zipfile

import pytest
from salesforce_desk import Desk

from sandbox.salesforce import Org, app

XMLNS = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
OBJECT = (
    "<deploymentStatus>Deployed</deploymentStatus><label>Thing</label><pluralLabel>Things</pluralLabel>"
    "<nameField><label>Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel>"
)
LOOKUP = "<type>Lookup</type><referenceTo>Account</referenceTo><relationshipName>Things</relationshipName>"


def field(name, facts, label="A label"):
    return f"<fields><fullName>{name}</fullName><label>{label}</label>{facts}</fields>"


def text(name, facts=""):
    return field(name, f"<type>Text</type><length>20</length>{facts}")


def package(members):
    types = "".join(
        f"<types>{''.join(f'<members>{name}</members>' for name in names)}<name>{kind}</name></types>"
        for kind, names in members.items()
    )
    return f"<Package {XMLNS}>{types}<version>67.0</version></Package>"


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def deploy(salesforce):
    """Deploy fields, objects and permission sets; the deployResult when it has ended."""

    def deployed(members, files, **options):
        content = zipped({"package.xml": package(members), **files})
        parts = {"json": (None, json.dumps({"deployOptions": options}), "application/json"), "file": ("d.zip", content)}
        begun = salesforce.call("POST", "metadata/deployRequest", files=parts)
        assert begun.status_code == 201, begun.text
        assert begun.json()["deployResult"]["status"] == "Pending"
        path = f"metadata/deployRequest/{begun.json()['id']}?includeDetails=true"
        return salesforce.call("GET", path).json()["deployResult"]

    return deployed


@pytest.fixture
def problems(deploy):
    """What is refused in fields of Invoice__c (or of a new Thing__c), by name."""

    def told(*fields, sobject="Invoice__c", head="", grants=""):
        names = [each.partition("<fullName>")[2].partition("<")[0] for each in fields]
        members = {"CustomField": [f"{sobject}.{name}" for name in names]}
        members |= {"CustomObject": [sobject]} if head else {}
        members |= {"PermissionSet": ["Loader"]} if grants else {}
        files = {
            f"objects/{sobject}.object": f"<CustomObject {XMLNS}>{head}{''.join(fields)}</CustomObject>",
            "permissionsets/Loader.permissionset": f"<PermissionSet {XMLNS}><label>L</label>{grants}</PermissionSet>",
        }
        result = deploy(members, files)
        assert result["status"] == ("Failed" if result["details"]["componentFailures"] else "Succeeded")
        return {each["fullName"]: each["problem"] for each in result["details"]["componentFailures"]}

    return told


def grant(name):
    return (
        f"<fieldPermissions><editable>true</editable><field>{name}</field><readable>true</readable></fieldPermissions>"
    )


TICK = "<type>Checkbox</type><defaultValue>false</defaultValue>"
TWICE = "<value><fullName>One</fullName></value><value><fullName>one</fullName></value>"
NO_NAME = "can only contain underscores and alphanumeric characters."


def only(tag, kind):
    return f"Can not specify '{tag}' for a CustomField of type {kind}"


REFUSED = [
    (field("A__c", "<type>TextArea</type><length>9</length>"), only("length", "TextArea")),
    (field("A__c", f"{LOOKUP}<relationshipOrder>0</relationshipOrder>"), only("relationshipOrder", "Lookup")),
    (field("A__c", f"{TICK}<required>true</required>"), only("required", "Checkbox")),
    (field("A__c", "<type>Text</type>"), "Must specify 'length' for a CustomField of type Text"),
    (field("A__c", "<type>Text</type><length>256</length>"), "Value for length must be between 1 and 255"),
    (field("A__c", "<type>Words</type>"), "'Words' is not a valid value for the enum 'FieldType'"),
    (field("A__c", "<type>Number</type><precision>19</precision><scale>2</scale>"), "Precision must be at most 18"),
    (text("A___c"), f"The Field Name A___c {NO_NAME}"),
    (field("A__c", "<type>Text</type><length>9</length>", label=""), "Required field is missing: label"),
    (field("A__c", "<type>Date</type>", label="x" * 41), "Value too long for field: label maximum length is:40"),
    (field("A__c", LOOKUP.replace(">Account<", ">No__c<")), "referenceTo value of 'No__c' does not resolve to a valid"),
    (
        field("A__c", LOOKUP.replace(">Things<", ">Invoices<")),
        "There is already a Child Relationship named Invoices on",
    ),
    (field("Total__c", "<type>Date</type>"), "Cannot change the type of the field Total__c from currency to Date"),
    (field("Account__c", LOOKUP.replace(">Account<", ">Contact<")), "Cannot update referenceTo"),
    (
        field(
            "A__c",
            f"<type>Picklist</type><valueSet><valueSetDefinition>{TWICE}</valueSetDefinition></valueSet>",
        ),
        "Duplicate label: one",
    ),
]


def test_fields_that_salesforce_does_not_take_are_refused_with_the_reason(problems, org):
    for declared, reason in REFUSED:
        told = problems(declared)
        assert [text.startswith(reason) for text in told.values()] == [True], (declared, told)
    assert "A__c" not in org.tables["Invoice__c"].shape.fields


def test_two_new_lookups_do_not_share_their_relationship_name(problems):
    told = problems(field("A__c", LOOKUP), field("B__c", LOOKUP))
    assert told == {"Invoice__c.B__c": "There is already a Child Relationship named Things on Account."}


def test_rows_forbid_a_new_master_and_doubles_in_a_unique_field(problems, salesforce):
    for number in ("1", "2"):
        salesforce.create("Invoice__c", Ext__c=number)
        salesforce.create("Account", Name=number, Loose__c="same")
    master = field("A__c", LOOKUP.replace("Lookup", "MasterDetail"))
    assert "already has records" in problems(master)["Invoice__c.A__c"]
    unique = text("Loose__c", "<externalId>true</externalId><unique>true</unique>")
    assert "records with the same value" in problems(unique, sobject="Account")["Account.Loose__c"]


def test_an_object_says_all_that_it_must_and_fits_its_relationships(problems):
    assert problems(head="<label>Thing</label>", sobject="Thing__c") == {
        "Thing__c": "Required field is missing: sharingModel"
    }
    detail = field("A__c", LOOKUP.replace("Lookup", "MasterDetail"))
    told = problems(detail, head=OBJECT, sobject="Thing__c")
    assert told["Thing__c"].startswith("Cannot set sharingModel to ReadWrite")


def test_permission_sets_name_only_what_there_is_and_what_can_be_granted(problems):
    required = ("Account.Name", "Line__c.Needed__c", "Line__c.Invoice__c")
    told = {name: problems(grants=grant(name))["Loader"] for name in required}
    assert told == {name: f"You cannot deploy to a required field: {name}" for name in required}
    unknown = ("Account.BillingCity", "Invoice__c.No__c")
    told = {name: problems(grants=grant(name))["Loader"] for name in unknown}
    assert told == {name: f"In field: field - no CustomField named {name} found" for name in unknown}
    rights = "<allowDelete>true</allowDelete><allowRead>true</allowRead><object>Account</object>"
    told = problems(grants=f"<objectPermissions>{rights}</objectPermissions>")
    assert told == {"Loader": "Permission allowDelete Account depends on permission(s): allowEdit Account"}


def test_what_the_manifest_names_must_be_in_the_file(deploy):
    result = deploy({"CustomField": ["Invoice__c.A__c"]}, {})
    (failure,) = result["details"]["componentFailures"]
    assert failure["problem"].startswith("An object 'Invoice__c.A__c' of type CustomField was named in package.xml")


def test_what_is_deployed_is_described_and_written_at_once(problems, salesforce, org):
    salesforce.create("Invoice__c", Ext__c="old")
    seen = salesforce.call("GET", "sobjects/Invoice__c/describe").headers["Last-Modified"]
    tick = field("Tick__c", "<type>Checkbox</type><defaultValue>false</defaultValue>")
    granted = "".join(grant(f"Invoice__c.{name}") for name in ("A__c", "Tick__c", "Ext__c"))
    rights = "".join(f"<allow{right}>true</allow{right}>" for right in ("Create", "Delete", "Edit", "Read"))
    granted += f"<objectPermissions>{rights}<object>Invoice__c</object></objectPermissions>"

    assert problems(text("A__c"), tick, grants=granted) == {}

    answer = salesforce.call("GET", "sobjects/Invoice__c/describe", headers={"If-Modified-Since": seen})
    names = {each["name"] for each in answer.json()["fields"]}
    assert {"A__c", "Tick__c"} <= names
    assert "Total__c" not in names  # the set was replaced
    (result,) = salesforce.upsert("Invoice__c", "Ext__c", {"Ext__c": "old", "A__c": "now"})
    row = org.tables["Invoice__c"].rows[result["id"]]
    assert (row["A__c"], row["Tick__c"]) == ("now", False)
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert salesforce.call("GET", "sobjects/Invoice__c/describe", headers=since).status_code == 304


def test_a_check_leaves_nothing(deploy, org):
    files = {"objects/Thing__c.object": f"<CustomObject {XMLNS}>{OBJECT}{text('A__c')}</CustomObject>"}
    members = {"CustomObject": ["Thing__c"], "CustomField": ["Thing__c.A__c"]}
    stamp = org.schema_changed_at
    checked = deploy(members, files, checkOnly=True)
    assert (checked["status"], checked["checkOnly"], checked["numberComponentsTotal"]) == ("Succeeded", True, 2)
    assert "Thing__c" not in org.tables
    assert org.schema_changed_at == stamp
    assert deploy(members, files)["success"]
    again = deploy(members, files)["details"]["componentSuccesses"]
    named = [(each["created"], each["changed"]) for each in again if each["componentType"]]
    assert named == [(False, False), (False, False)]


def test_it_takes_its_time_and_can_be_canceled(salesforce):
    salesforce.admin("POST", "settings", {"deploy_seconds": 100})
    content = zipped({"package.xml": package({"CustomField": ["Invoice__c.A__c"]}),
                      "objects/Invoice__c.object": f"<CustomObject {XMLNS}>{text('A__c')}</CustomObject>"})  # fmt: skip
    parts = {"json": (None, json.dumps({"deployOptions": {}})), "file": ("d.zip", content)}
    path = f"metadata/deployRequest/{salesforce.call('POST', 'metadata/deployRequest', files=parts).json()['id']}"
    states = []
    for seconds in (0, 50):
        salesforce.admin("POST", "clock", {"advance_seconds": seconds})
        states.append(salesforce.call("GET", path).json()["deployResult"]["status"])
    canceled = salesforce.call("PATCH", path, json={"deployResult": {"status": "Canceling"}})
    salesforce.admin("POST", "clock", {"advance_seconds": 100})
    result = salesforce.call("GET", path).json()["deployResult"]
    assert (states, canceled.status_code) == (["Pending", "InProgress"], 202)
    assert (result["status"], result["done"], result["success"]) == ("Canceled", True, False)


def test_an_org_as_delivered_shows_what_a_permission_set_grants_once_it_is_given(stage, salesforce_http):
    org = Org.from_metadata(None)
    stage.app = app(org, admin=True)
    desk = Desk(stage.url, salesforce_http)
    granted = f"<PermissionSet {XMLNS}><label>Ours</label>{grant('Account.A__c')}</PermissionSet>"
    files = {
        "objects/Account.object": f"<CustomObject {XMLNS}>{text('A__c')}</CustomObject>",
        "permissionsets/Ours.permissionset": granted,
    }
    content = zipped({"package.xml": package({"CustomField": ["Account.A__c"], "PermissionSet": ["Ours"]}), **files})
    parts = {"json": (None, json.dumps({"deployOptions": {}})), "file": ("d.zip", content)}
    desk.call("POST", "metadata/deployRequest", files=parts)

    def is_seen():
        return "A__c" in {each["name"] for each in desk.call("GET", "sobjects/Account/describe").json()["fields"]}

    before = is_seen()
    (ours,) = desk.query("SELECT Id FROM PermissionSet WHERE Name = 'Ours'")["records"]
    given = desk.create("PermissionSetAssignment", PermissionSetId=ours["Id"], AssigneeId=org.user_id)
    assert (before, is_seen()) == (False, True)
    twice = {"PermissionSetId": ours["Id"], "AssigneeId": org.user_id}
    assert desk.call("POST", "sobjects/PermissionSetAssignment", json=twice).json()[0]["errorCode"] == "DUPLICATE_VALUE"

    kept = Org.load(json.loads(json.dumps(org.dump())), None)  # what was deployed survives the server
    assert "A__c" in kept.seen["Account"].fields

    assert desk.call("DELETE", f"sobjects/PermissionSetAssignment/{given}").status_code == 204
    assert not is_seen()

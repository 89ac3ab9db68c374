"""A small Salesforce schema and a client for it, which the Salesforce sandbox's tests share."""

from pathlib import Path

import requests

VERSION = "67.0"

OBJECTS = {
    "Account": {
        "Ext__c": "Text length=20 externalId=true unique=true label=Ext_Label",
        "Code__c": "Text length=10 externalId=true unique=true caseSensitive=true",
        "Loose__c": "Text length=20 externalId=true",
        "Twin__c": "Text length=20 unique=true",
        "Hidden__c": "Text length=20",
        "Locked__c": "Text length=20",
    },
    "Product2": {"Ext__c": "Text length=20 externalId=true unique=true"},
    "Contact": {},
    "Invoice__c": {
        "Ext__c": "Text length=20 externalId=true unique=true label=Invoice_Key",
        "Number__c": "Number precision=18 scale=0 externalId=true unique=true",
        "Account__c": "Lookup referenceTo=Account relationshipName=Invoices deleteConstraint=SetNull label=Customer",
        "Guard__c": "Lookup referenceTo=Product2 relationshipName=Guards deleteConstraint=Restrict",
        "Total__c": "Currency precision=10 scale=2 label=Total",
        "Ratio__c": "Percent precision=5 scale=2 label=Ratio",
        "Weight__c": "Number precision=6 scale=2 label=Weight",
        "Paid__c": "Checkbox defaultValue=false label=Paid_Flag",
        "Due__c": "Date label=Due",
        "Sent__c": "DateTime label=Sent",
        "Status__c": "Picklist restricted=draft,Paid label=Status",
        "Kind__c": "Picklist open=One,Two label=Kind",
        "Tags__c": "MultiselectPicklist restricted=red,green label=Tags",
        "Mail__c": "Email label=Mail",
        "Link__c": "Url label=Link",
        "Call__c": "Phone label=Call",
        "Note__c": "TextArea label=Note",
        "Story__c": "LongTextArea length=1000 label=Story",
    },
    "Line__c": {
        "Ext__c": "Text length=20 externalId=true unique=true",
        "Invoice__c": "MasterDetail referenceTo=Invoice__c relationshipName=Lines label=Invoice",
        "Needed__c": "Text length=20 required=true label=Needed",
    },
    "Memo__c": {
        "Ext__c": "Text length=20 externalId=true unique=true",
        "Invoice__c": "MasterDetail referenceTo=Invoice__c relationshipName=Memos reparentableMasterDetail=true",
    },
}
NAME_FIELDS = {"Invoice__c": "<displayFormat>INV-{0000}</displayFormat><type>AutoNumber</type>"}
UNGRANTED = {"Account.Hidden__c"}
STANDARD_GRANTS = [
    "Account.BillingAddress", "Account.Phone", "Account.Website", "Account.NumberOfEmployees",
    "Account.AnnualRevenue", "Account.Industry", "Account.Description", "Account.ParentId",
    "Account.AccountNumber", "Account.CleanStatus", "Account.Type", "Contact.AccountId", "Contact.Email",
    "Contact.Title", "Contact.Birthdate", "Product2.ProductCode", "Product2.IsActive",
]  # fmt: skip


def write_schema(root: Path) -> Path:
    """Writes the schema and its permission set as source-format metadata."""
    base = root / "main" / "default"
    for name, fields in OBJECTS.items():
        folder = base / "objects" / name / "fields"
        folder.mkdir(parents=True)
        if name.endswith("__c"):
            text = _element("label", name.removesuffix("__c")) + _element(
                "nameField", NAME_FIELDS.get(name, "<type>Text</type>")
            )
            (folder.parent / f"{name}.object-meta.xml").write_text(_document("CustomObject", text))
        for field, declared in fields.items():
            (folder / f"{field}.field-meta.xml").write_text(_document("CustomField", _field(field, declared)))
    write_permissions(base)
    return root


def write_permissions(base: Path, *, rights: str = "Read Create Edit Delete") -> None:
    """Writes a permission set that grants every field but the hidden one, Locked__c for reading only."""
    custom = [f"{name}.{field}" for name, fields in OBJECTS.items() for field in fields if _needs_grant(fields[field])]
    grants = [name for name in (*custom, *STANDARD_GRANTS) if name not in UNGRANTED]
    text = "".join(
        f"<fieldPermissions><editable>{str('Locked' not in name).lower()}</editable><field>{name}</field>"
        "<readable>true</readable></fieldPermissions>"
        for name in grants
    )
    allowed = "".join(f"<allow{right}>true</allow{right}>" for right in rights.split())
    text += "".join(f"<objectPermissions>{allowed}<object>{name}</object></objectPermissions>" for name in OBJECTS)
    folder = base / "permissionsets"
    folder.mkdir(exist_ok=True)
    (folder / "Loader.permissionset-meta.xml").write_text(_document("PermissionSet", text))


def _needs_grant(declared: str) -> bool:
    return "MasterDetail" not in declared and "required=true" not in declared


def _field(name: str, declared: str) -> str:
    kind, *facts = declared.split()
    text = _element("fullName", name) + _element("type", kind)
    for fact in facts:
        key, value = fact.split("=")
        if key in {"restricted", "open"}:
            text += _value_set(value.split(","), restricted=key == "restricted")
        else:
            text += _element(key, value.replace("_", " ") if key == "label" else value)
    return text if "label=" in declared else text + _element("label", name.removesuffix("__c"))


def _value_set(values: list[str], *, restricted: bool) -> str:
    listed = "".join(_element("value", _element("fullName", value) + _element("label", value)) for value in values)
    return _element(
        "valueSet", _element("restricted", str(restricted).lower()) + _element("valueSetDefinition", listed)
    )


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{text}</{tag}>"


def _document(tag: str, text: str) -> str:
    return f'<?xml version="1.0"?><{tag} xmlns="http://soap.sforce.com/2006/04/metadata">{text}</{tag}>'


class Desk:
    """Talks to a running sandbox over HTTP, logged in."""

    def __init__(self, url: str, session: requests.Session) -> None:
        self.url = url
        self.http = session
        self.http.headers.clear()
        self.log_in()

    def log_in(self) -> None:
        """Takes a fresh token."""
        form = {"grant_type": "client_credentials"}
        credentials = ("sandbox-client-id", "sandbox-client-secret")
        answer = self.http.post(f"{self.url}/services/oauth2/token", data=form, auth=credentials)
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def call(self, method: str, path: str, version: str = VERSION, **more):
        """Any REST call below the version."""
        return self.http.request(method, f"{self.url}/services/data/v{version}/{path}", **more)

    def create(self, sobject: str, **fields) -> str:
        """Makes a row and gives its id."""
        answer = self.call("POST", f"sobjects/{sobject}", json=fields)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def read(self, sobject: str, record_id: str) -> dict:
        """All fields of a row."""
        answer = self.call("GET", f"sobjects/{sobject}/{record_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send_rows(self, sobject: str, key: str, rows: list[dict], **more):
        """A collections upsert as it was answered."""
        records = [{"attributes": {"type": sobject}, **row} for row in rows]
        return self.call("PATCH", f"composite/sobjects/{sobject}/{key}", json={"records": records, **more})

    def upsert(self, sobject: str, key: str, *rows: dict, **more) -> list[dict]:
        """The results of a collections upsert."""
        answer = self.send_rows(sobject, key, list(rows), **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refusal(self, sobject: str, **fields) -> tuple[str, str, list[str]]:
        """Code, message and fields of the one error that refuses this row in a collections upsert by Ext__c."""
        (result,) = self.upsert(sobject, "Ext__c", {"Ext__c": "R1", **fields})
        assert result["success"] is False, result
        (error,) = result["errors"]
        return error["statusCode"], error["message"], error["fields"]

    def composite(self, *requests_: dict, **more) -> list[dict]:
        """The subresponses of a composite."""
        answer = self.call("POST", "composite", json={"compositeRequest": list(requests_), **more})
        assert answer.status_code == 200, answer.text
        return answer.json()["compositeResponse"]

    def query(self, soql: str) -> dict:
        """The answer to a query."""
        answer = self.call("GET", "query", params={"q": soql})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def names(self, soql: str) -> list[str]:
        """The Name of each row that a query finds."""
        return [record["Name"] for record in self.query(soql)["records"]]

    def admin(self, method: str, path: str, body=None) -> dict:
        """A call to the admin path."""
        answer = self.http.request(method, f"{self.url}/_admin/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()


def part(method: str, path: str, ref: str, body=None, **more) -> dict:
    """One subrequest of a composite."""
    request = {"method": method, "url": f"/services/data/v{VERSION}/{path}", "referenceId": ref, **more}
    return request if body is None else {**request, "body": body}


def rows_part(sobject: str, key: str, ref: str, rows: list[dict], **more) -> dict:
    """A collections upsert as a subrequest."""
    records = [{"attributes": {"type": sobject}, **row} for row in rows]
    return part("PATCH", f"composite/sobjects/{sobject}/{key}", ref, {"records": records, **more})

"""What the org says of its objects: the global list, and the full describe with 57 keys per field (verified keys)."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from zlib import crc32

from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.fieldentry import entry
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Entity, Org


def list_objects(org: Org, call: Call) -> Answer:
    """GET /sobjects: {encoding, maxBatchSize, sobjects} (verified)."""
    answer = _unless_current(org, call, "global")
    if answer.status == 200:
        sobjects = [_facts(entity, call) for entity in org.entities.values()]
        answer.body = {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": sobjects}
    return answer


def describe(org: Org, call: Call) -> Answer:
    """GET /sobjects/X/describe; If-Modified-Since after the last change of the schema answers 304 (verified)."""
    entity = org.entity(call.segments[1])
    answer = _unless_current(org, call, entity.seen.name)
    if answer.status == 200:
        answer.body = _full(org, entity, call)
    return answer


def basics(org: Org, call: Call) -> Answer:
    """GET /sobjects/X: the object's facts without its fields."""
    entity = org.entity(call.segments[1])
    return Answer(200, {"objectDescribe": _facts(entity, call), "recentItems": []})


def _unless_current(org: Org, call: Call, name: str) -> Answer:
    changed_at = org.schema_changed_at
    tag = f'"{crc32(f"{name}{changed_at}".encode()):08x}"'
    headers = {"ETag": tag, "Last-Modified": format_datetime(changed_at.astimezone(UTC), usegmt=True)}
    since = _http_date(call.headers.get("if-modified-since", ""))
    current = since is not None and since >= changed_at
    return Answer(304 if current else 200, headers=headers)


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _facts(entity: Entity, call: Call) -> dict[str, Json]:
    shape, base = entity.seen, f"{call.root}/sobjects/{entity.seen.name}"
    writable = shape.createable
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": shape.createable,
        "custom": shape.custom,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": shape.deletable,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": entity.table.shape.prefix,
        "label": shape.label,
        "labelPlural": shape.plural,
        "layoutable": True,
        "mergeable": shape.name in {"Account", "Contact"},
        "mruEnabled": True,
        "name": shape.name,
        "queryable": True,
        "replicateable": True,
        "retrieveable": True,
        "searchable": True,
        "triggerable": True,
        "undeletable": writable,
        "updateable": shape.updateable,
        "urls": {
            "rowTemplate": f"{base}/{{ID}}",
            "describe": f"{base}/describe",
            "sobject": base,
        },
    }


def _full(org: Org, entity: Entity, call: Call) -> dict[str, Json]:
    kept = org.described.get(entity.seen.name)
    if kept is None:
        kept = {"fields": [entry(field) for field in entity.seen.fields.values()], "children": _children(org, entity)}
        org.described[entity.seen.name] = kept
    return {
        **_facts(entity, call),
        "actionOverrides": [],
        "childRelationships": kept["children"],
        "compactLayoutable": True,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": kept["fields"],
        "implementedBy": None,
        "implementsInterfaces": None,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [_master_record_type(call, entity.seen.name)],
        "searchLayoutable": True,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": f"All {entity.seen.plural.lower()}", "name": "everything"}],
    }


def _children(org: Org, entity: Entity) -> list[dict[str, Json]]:
    children = []
    for child, field in org.children_of(entity.seen.name):
        seen = org.seen.get(child)
        if seen is None or field.name not in seen.fields:
            continue
        children.append(
            {
                "cascadeDelete": field.on_delete == "cascade",
                "childSObject": child,
                "deprecatedAndHidden": False,
                "field": field.name,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": field.child_relationship,
                "restrictedDelete": field.on_delete == "restrict",
            }
        )
    return children


def _master_record_type(call: Call, sobject: str) -> dict[str, Json]:
    record_type = "012000000000000AAA"
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": record_type,
        "urls": {"layout": f"{call.root}/sobjects/{sobject}/describe/layouts/{record_type}"},
    }

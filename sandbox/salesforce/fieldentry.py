"""One field as describe shows it: 57 keys, in the order of the recorded answers."""

from typing import Final

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import NUMBER_TYPES, Field

SOAP_TYPES: Final = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "time": "xsd:time",
    "address": "urn:address",
}
NOT_GROUPABLE: Final = frozenset({"datetime", "double", "currency", "percent", "address", "multipicklist", "time"})


def entry(field: Field) -> dict[str, Json]:
    """The describe entry of a field."""
    flat = not field.long_text and field.type not in {"address", "multipicklist"}
    return {
        "aggregatable": flat and field.type != "boolean",
        "aiPredictionField": False,
        "autoNumber": bool(field.auto_number),
        "byteLength": _byte_length(field),
        "calculated": field.calculated,
        "calculatedFormula": None,
        "cascadeDelete": field.on_delete == "cascade" and field.master_detail,
        "caseSensitive": field.case_sensitive,
        "compoundFieldName": field.compound,
        "controllerName": None,
        "createable": field.createable,
        "custom": field.custom,
        "defaultValue": field.default,
        "defaultValueFormula": None,
        "defaultedOnCreate": field.defaulted_on_create,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "digits": field.digits,
        "displayLocationInDecimal": False,
        "encrypted": False,
        "externalId": field.external_id,
        "extraTypeInfo": field.extra_type,
        "filterable": not field.long_text,
        "filteredLookupInfo": None,
        "formulaTreatNullNumberAsZero": False,
        "groupable": flat and field.type not in NOT_GROUPABLE,
        "highScaleNumber": False,
        "htmlFormatted": field.html,
        "idLookup": field.id_lookup or field.external_id,
        "inlineHelpText": field.help,
        "label": field.label,
        "length": field.length,
        "mask": None,
        "maskType": None,
        "name": field.name,
        "nameField": field.name_field,
        "namePointing": False,
        "nillable": field.nillable,
        "permissionable": field.permissionable,
        "picklistValues": _choices(field),
        "polymorphicForeignKey": len(field.reference_to) > 1,
        "precision": field.precision,
        "queryByDistance": field.type == "address",
        "referenceTargetField": None,
        "referenceTo": list(field.reference_to),
        "relationshipName": field.relationship_name,
        "relationshipOrder": field.relationship_order,
        "restrictedDelete": field.on_delete == "restrict",
        "restrictedPicklist": field.restricted,
        "scale": field.scale,
        "searchPrefilterable": field.type == "reference" and field.permissionable,
        "soapType": SOAP_TYPES.get(field.type, "xsd:string"),
        "sortable": flat,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable,
        "writeRequiresMasterRead": False,
    }


def _byte_length(field: Field) -> int:
    """Three bytes per character for text, 18 for ids, nothing for numbers (verified)."""
    if field.type in {"id", "reference"}:
        return field.length
    if field.type == "multipicklist":
        return 4099
    return 0 if field.type in NUMBER_TYPES else 3 * field.length


def _choices(field: Field) -> list[dict[str, Json]]:
    return [
        {
            "active": True,
            "defaultValue": choice.default,
            "label": choice.label,
            "validFor": None,
            "value": choice.value,
        }
        for choice in field.choices
    ]

"""One table says for every status code what it means and what is done about it."""

import pytest

from pipelines.errors import FixAccess, TryLater
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.status import FAULTS, SObjectStopped, handling, stopping

PARENT_MISSING = "Foreign key external ID: 0116 not found for field Ext__c in entity Account"
LOCKED_IN_TRIGGER = (
    "InvoiceTrigger: execution of AfterUpdate\n\ncaused by: System.DmlException: Update failed. First exception on "
    "row 0; first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access to this record: []\n\nTrigger.X: line 4"
)

BAD_DATE_IN_A_FILE = (
    "Failed to deserialize field at col 4. Due to, '6/15/19' is not a valid value for the type xsd:date"
)

KINDS = [
    ("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record or 200 records: 001", Kind.RETRY),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", LOCKED_IN_TRIGGER, Kind.RETRY),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: execution of BeforeInsert\n\ncaused by: NullPointer", Kind.REFUSE),
    ("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", Kind.RETRY),
    ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", Kind.STOP),
    ("INVALID_FIELD", PARENT_MISSING, Kind.HOLD),
    ("INVALID_FIELD", "No such column 'foo' on sobject of type Bar", Kind.SOBJECT_STOP),
    ("INVALID_FIELD", "Cannot specify both an external ID reference A and a salesforce id, B", Kind.SOBJECT_STOP),
    ("INVALID_FIELD", "The Id field should not be specified in the sobject data.", Kind.SOBJECT_STOP),
    ("INVALID_FIELD", PARENT_MISSING.replace("0116", "01\n16"), Kind.HOLD),
    ("INVALID_FIELD", PARENT_MISSING.replace("0116", "No such column"), Kind.HOLD),
    ("INVALID_FIELD", "Parent: more than one record found for external id field: [001, 002]", Kind.REFUSE),
    ("INVALID_FIELD", "Field name provided, A does not match an External ID, Salesforce Id, or", Kind.SOBJECT_STOP),
    ("INVALID_FIELD", BAD_DATE_IN_A_FILE, Kind.REFUSE),
    ("INVALID_FIELD", BAD_DATE_IN_A_FILE.replace("6/15/19", "No such column"), Kind.REFUSE),
    ("INVALID_FIELD", BAD_DATE_IN_A_FILE.replace("6/15/19", "Foreign key external ID: 1 not found"), Kind.REFUSE),
    ("INVALID_FIELD", "words that nobody has seen yet", Kind.REFUSE),
    ("CANNOT_EXECUTE_FLOW_TRIGGER", "The flow failed: UNABLE_TO_LOCK_ROW: unable to obtain", Kind.RETRY),
    ("INVALID_TYPE", "sObject type 'Foo__c' is not supported.", Kind.SOBJECT_STOP),
    ("InvalidBatch", "Field name not found : Foo__c", Kind.SOBJECT_STOP),
    ("InvalidBatch", "Unable to find relationship: Account", Kind.SOBJECT_STOP),
    ("InvalidBatch", "type is not needed for non polymorphic foreign key references: Parent", Kind.SOBJECT_STOP),
    ("InvalidBatch", "Failed to parse CSV. Found unescaped quote.", Kind.SPLIT),
    ("ClientInputError", "LineEnding is invalid on user data. Current LineEnding setting is LF", Kind.SPLIT),
    ("InvalidJob", "Field name provided, X does not match an External ID, Salesforce Id, or", Kind.SOBJECT_STOP),
    ("InvalidJob", "", Kind.SOBJECT_STOP),
    ("NOT_FOUND", "Provided external ID field does not exist or is not accessible: Ext__c", Kind.SOBJECT_STOP),
    ("NOT_FOUND", "The requested resource does not exist", Kind.SOBJECT_STOP),
    ("DUPLICATE_VALUE", "Duplicate external id specified: aaa", Kind.REFUSE),
    ("DUPLICATE_VALUE", "duplicate value found: F duplicates value on record with id: 001", Kind.REFUSE),
    ("JSON_PARSER_ERROR", "Cannot deserialize instance of date from VALUE_STRING value x", Kind.SPLIT),
    ("EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records into this call", Kind.SPLIT),
    *[
        (code, "", Kind.RETRY)
        for code in [
            "SERVER_UNAVAILABLE",
            "UNKNOWN_EXCEPTION",
            "QUERY_TIMEOUT",
            "REQUEST_RUNNING_TOO_LONG",
            "API_CURRENTLY_DISABLED",
            "RECORD_IN_USE_BY_WORKFLOW",
            "TooManyLockFailure",
            "Timeout",
            "Unknown",
            "ALL_OR_NONE_OPERATION_ROLLED_BACK",
            "PROCESSING_HALTED",
        ]
    ],
    *[
        (code, "", Kind.STOP)
        for code in [
            "INVALID_SESSION_ID",
            "API_DISABLED_FOR_ORG",
            "STORAGE_LIMIT_EXCEEDED",
            "ORG_LOCKED",
            "METHOD_NOT_ALLOWED",
            "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
            "FUNCTIONALITY_NOT_ENABLED",
            "UNSUPPORTED_MEDIA_TYPE",
            "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
            "INSUFFICIENT_ACCESS",
            "ExceededQuota",
            "FeatureNotEnabled",
            "InvalidJobState",
            "InvalidOperation",
            "InvalidSessionId",
            "InvalidUrl",
            "InvalidUser",
            "MethodNotAllowed",
            "NotFound",
            "Aborted",
        ]
    ],
    *[
        (code, "", Kind.REFUSE)
        for code in [
            "DUPLICATE_EXTERNAL_ID",
            "DUPLICATES_DETECTED",
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "CANNOT_EXECUTE_FLOW_TRIGGER",
            "INVALID_CROSS_REFERENCE_KEY",
            "FIELD_INTEGRITY_EXCEPTION",
            "REQUIRED_FIELD_MISSING",
            "STRING_TOO_LONG",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "INVALID_EMAIL_ADDRESS",
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "MALFORMED_ID",
            "ENTITY_IS_DELETED",
            "ENTITY_IS_LOCKED",
            "INACTIVE_OWNER_OR_USER",
            "OP_WITH_INVALID_USER_TYPE_EXCEPTION",
            "CANNOT_REPARENT_RECORD",
            "CIRCULAR_DEPENDENCY",
            "TRANSFER_REQUIRES_READ",
            "FIELD_FILTER_VALIDATION_EXCEPTION",
            "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
            "INSUFFICIENT_ACCESS_OR_READONLY",
        ]
    ],
]


@pytest.mark.parametrize(("code", "message", "kind"), KINDS)
def test_each_code_has_its_kind_cause_and_advice(code, message, kind):
    fault = handling(code, message)

    assert fault.kind is kind
    assert fault in FAULTS
    assert fault.cause
    assert fault.advice


def test_a_code_that_nobody_knows_is_refused():
    assert handling("SOMETHING_NEW", "text").kind is Kind.REFUSE


def test_every_row_of_the_table_can_be_reached():
    for position, fault in enumerate(FAULTS):
        hidden_by = [one for one in FAULTS[:position] if one.code == fault.code and not one.message]
        assert hidden_by == []


def test_a_fault_of_one_sobject_names_it():
    error = stopping("INVALID_FIELD", "\nNo such column 'foo'\non sobject of type Bar", sobject="Bar")

    assert isinstance(error, SObjectStopped)
    assert error.sobject == "Bar"
    assert str(error) == (
        "Salesforce Bar: the sObject has no such field, or the user has no right to see it "
        "(INVALID_FIELD: \"No such column 'foo' on sobject of type Bar\"); create the field, give the user field-level "
        "security for it, or take it out of the mapping"
    )


def test_what_passes_with_time_is_to_be_tried_later_and_the_rest_is_to_be_fixed():
    assert isinstance(stopping("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), TryLater)
    assert isinstance(stopping("ExceededQuota", "no batches left"), TryLater)
    assert isinstance(stopping("UNABLE_TO_LOCK_ROW", ""), TryLater)
    assert isinstance(stopping("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"), FixAccess)

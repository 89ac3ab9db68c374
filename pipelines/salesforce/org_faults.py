"""Status codes that speak of a whole call or of the whole org: what passes, what is cut in pieces, what stops a run."""

from pipelines.salesforce.fault import Fault, Kind

_AGAIN = "nothing: it is sent again; if it stays, look at status.salesforce.com"
_REPORT = "report it: the loader sent what it never should"

ORG_FAULTS = (
    Fault("UNABLE_TO_LOCK_ROW", Kind.RETRY, "another process is writing to this record or its parent",
          "nothing: it is sent again; if it stays, see what else writes to these records"),
    Fault("RECORD_IN_USE_BY_WORKFLOW", Kind.RETRY, "a workflow of the org is at work on this record", _AGAIN),
    Fault("SERVER_UNAVAILABLE", Kind.RETRY, "Salesforce is too busy", _AGAIN),
    Fault("UNKNOWN_EXCEPTION", Kind.RETRY, "Salesforce failed inside",
          "nothing: it is sent again; if it stays, give the ErrorId in the message to Salesforce support"),
    Fault("QUERY_TIMEOUT", Kind.RETRY, "a query took too long, often one in a trigger", _AGAIN),
    Fault("REQUEST_RUNNING_TOO_LONG", Kind.RETRY, "the call took too long and was ended",
          "nothing: it is sent again in smaller pieces; if it stays, look at the triggers of the object"),
    Fault("REQUEST_LIMIT_EXCEEDED", Kind.RETRY, "too many long calls run in the org at once", _AGAIN, "Concurrent"),
    Fault("REQUEST_LIMIT_EXCEEDED", Kind.STOP, "the org has used up its API calls of the last 24 hours",
          "wait until the window moves on, or ask for more API calls", passes=True),
    Fault("API_CURRENTLY_DISABLED", Kind.RETRY, "the API of the org is off for a moment", _AGAIN),
    Fault("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", Kind.STOP, "the org is being maintained: read only",
          "wait until the maintenance is over", passes=True),
    Fault("ALL_OR_NONE_OPERATION_ROLLED_BACK", Kind.RETRY, "another row of the call failed, all went back", _AGAIN),
    Fault("PROCESSING_HALTED", Kind.RETRY, "another part of the call failed, all went back", _AGAIN),
    Fault("JSON_PARSER_ERROR", Kind.SPLIT, "a value has a form that the field's type cannot be read from",
          "write the conversion of the field's type in the mapping; the message names type and value"),
    Fault("EXCEEDED_ID_LIMIT", Kind.SPLIT, "more than 200 rows in one call", _REPORT),
    Fault("INVALID_SESSION_ID", Kind.STOP, "the login is not accepted, even after a new one",
          "look at the session policies of the app in Salesforce (IP ranges, session security level)"),
    Fault("INVALID_AUTH_HEADER", Kind.STOP, "the login is not accepted, even after a new one",
          "look at the session policies of the app in Salesforce (IP ranges, session security level)"),
    Fault("API_DISABLED_FOR_ORG", Kind.STOP, "this edition or this user has no API",
          "give the user the right API Enabled, or use an edition with API access"),
    Fault("INSUFFICIENT_ACCESS", Kind.STOP, "the user may not use the API in this way",
          "give the user the permission set of the schema, and the right API Enabled"),
    Fault("STORAGE_LIMIT_EXCEEDED", Kind.STOP, "the org has no storage left",
          "delete records, empty the recycle bin, or buy storage"),
    Fault("ORG_LOCKED", Kind.STOP, "Salesforce has locked the org", "ask Salesforce support"),
    Fault("INVALID_OPERATION_WITH_EXPIRED_PASSWORD", Kind.STOP, "the password of the user has expired",
          "set a new one, or let it never expire for this user"),
    Fault("FUNCTIONALITY_NOT_ENABLED", Kind.STOP, "the org does not have this function",
          "ask the Salesforce administrator to turn it on"),
    Fault("METHOD_NOT_ALLOWED", Kind.STOP, "the address does not take this method", _REPORT),
    Fault("UNSUPPORTED_MEDIA_TYPE", Kind.STOP, "the address does not take this format", _REPORT),
    Fault("UNSUPPORTED_API_VERSION", Kind.STOP, "the org does not speak this version of the API",
          "set an API version that the org has (its address with /services/data lists them)"),
)  # fmt: skip

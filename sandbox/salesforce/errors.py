"""The two ways an answer can be bad: a refused call (REST array with errorCode) and a refused row (statusCode)."""

from collections.abc import Collection
from dataclasses import dataclass

from sandbox.salesforce.jsonvalue import Json


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is refused; messages carry labels, `fields` carries API names (verified)."""

    code: str
    message: str
    fields: tuple[str, ...] = ()
    detail: dict[str, Json] | None = None

    def in_collection(self) -> dict[str, Json]:
        """The item error of a collection: {statusCode, message, fields} (verified)."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}

    def in_rest(self) -> dict[str, Json]:
        """The error of a single-row call: {message, errorCode, fields} (verified); duplicate rules add their result."""
        if self.detail is not None:
            return {"duplicateResult": self.detail, "errorCode": self.code, "message": self.message}
        return {"message": self.message, "errorCode": self.code, "fields": list(self.fields)}


@dataclass(frozen=True, slots=True)
class Crash(Refusal):
    """A row on which Salesforce fails inside, so that its collection fails with it, or the whole call."""

    whole_call: bool = False


class CallError(Exception):
    """The whole call is refused: an HTTP status and the array [{message, errorCode}] (verified shape)."""

    def __init__(self, status: int, code: str, message: str, fields: tuple[str, ...] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.body: Json = [{"message": message, "errorCode": code}]
        if fields is not None:
            self.body[0]["fields"] = list(fields)


class CrashError(CallError):
    """A collection, or the whole call around it, fails inside because of one row: 500 UNKNOWN_EXCEPTION.

    The answer is verified; that one row can be the cause of it, and that nothing of the call stays, is inferred.
    """

    def __init__(self, crash: Crash) -> None:
        super().__init__(500, crash.code, crash.message)
        self.whole_call = crash.whole_call


class OAuthError(Exception):
    """A token request is refused: HTTP 400 with {error, error_description} (verified codes)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.body = {"error": error, "error_description": description}


class UnreadableError(Exception):
    """A JSON value cannot be read as its field's type: the whole call fails with JSON_PARSER_ERROR (verified)."""

    def __init__(self, type_name: str, value: Json) -> None:
        super().__init__(type_name, value)
        self.type_name = type_name
        self.value = value
        self.field = ""


def not_found(message: str = "The requested resource does not exist") -> CallError:
    """404 for an unknown object, record or resource (verified text)."""
    return CallError(404, "NOT_FOUND", message)


def unable_to_lock(record_ids: Collection[str]) -> Refusal:
    """UNABLE_TO_LOCK_ROW naming the records that others hold (verified text)."""
    shown = f"{len(record_ids)} records: {','.join(record_ids)}"
    return Refusal("UNABLE_TO_LOCK_ROW", f"unable to obtain exclusive access to this record or {shown}")


def no_such_column(field: str, sobject: str) -> Refusal:
    """An unknown field, or one without field-level security: both look the same (verified text)."""
    return Refusal("INVALID_FIELD", f"No such column '{field}' on sobject of type {sobject}")

"""The type of what JSON holds."""

from typing import Any, TypeAlias

# Nothing narrower: a body is foreign, and each field's check is what finds out what came.
Json: TypeAlias = Any

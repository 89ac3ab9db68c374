"""From our errors to Dagster's: one sentence in the UI, and a retry only where it can help."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.errors import Co2sfError, TryLater


@contextmanager
def explained() -> Iterator[None]:
    """Turn one of our errors into a step failure that says what to do, without a traceback through our rooms."""
    try:
        yield
    except Co2sfError as error:
        raise dg.Failure(description=str(error), allow_retries=isinstance(error, TryLater)) from None

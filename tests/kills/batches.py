"""Small batches: a company of some rows keeps several writers busy, and needs many requests."""

from pipelines.sync import lanes, writer

rows_of_a_batch, _collections, _batches_worth_a_writer = 20, 5, 3


def make_batches_small() -> None:
    """In this process, from now on."""
    for module, name, value in (
        (writer, "MOST_ROWS", rows_of_a_batch // _collections),
        (writer, "MOST_COLLECTIONS", _collections),
        (lanes, "_rows_worth_a_writer", _batches_worth_a_writer * rows_of_a_batch),
    ):
        assert hasattr(module, name), f"{module.__name__} has no {name} any more"
        setattr(module, name, value)


def most_rows_sent_again(rows: int) -> int:
    """A batch for each writer of so many rows."""
    return max(1, rows // (_batches_worth_a_writer * rows_of_a_batch)) * rows_of_a_batch

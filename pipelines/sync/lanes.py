"""Lanes side by side: several writers put the rows of their customers, and wait for parents of each other's."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from threading import Event

from pipelines.sync.deal import Deal
from pipelines.sync.lane import Lane, Progress
from pipelines.sync.staged import Staged

_rows_worth_a_writer = 300  # fewer would make more calls than they save seconds


def worth(rows: int, most: int) -> int:
    """How many writers so many rows are worth."""
    return max(1, min(most, rows // _rows_worth_a_writer))


def put(work: Sequence[Staged], count: int, lane: Callable[[int], Lane], stop: Event, progress: Progress) -> None:
    """Put the rows of mappings, given in dependency order, through so many lanes; those that wait for a parent go once
    it has landed, and at last each follows its lookup's rule."""
    deals = [Deal(each, count) for each in work]
    lanes = [lane(number) for number in range(count)]
    with ThreadPoolExecutor(count) as pool:
        _join([pool.submit(copy_context().run, each.go, deals, progress) for each in lanes], stop)
        waiting = -1
        while waiting != (waiting := _waiting(lanes)):
            _join([pool.submit(each.again) for each in lanes], stop)
        _join([pool.submit(each.again, last_chance=True) for each in lanes], stop)


def _waiting(lanes: Sequence[Lane]) -> int:
    """How many rows wait for a parent; where they are not worth several writers, the first takes them all."""
    rows = [row for lane in lanes for row in lane.waiting]
    if worth(len(rows), len(lanes)) == 1:
        for lane in lanes:
            lane.waiting = []
        lanes[0].waiting = rows
    return len(rows)


def _join(tasks: Sequence[Future[None]], stop: Event) -> None:
    """Wait for all lanes; when one fails the others stop after the request that is under way."""
    for task in tasks:
        task.add_done_callback(lambda done: stop.set() if done.exception() else None)
    wait(tasks)
    for task in tasks:
        task.result()

"""The points at which a run may stop while others go on: before and after each call and each transaction, and where it
waits for the places of the fence."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from filelock import BaseFileLock, Timeout
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from scheduler import Scheduler
from sqlalchemy import Connection, Engine

WRITTEN = "after a transaction that writes"


@contextmanager
def points(scheduler: Scheduler) -> Iterator[None]:
    """Meanwhile runs stop at each of them."""
    stop = scheduler.stop
    send, begin, acquire, submit = HTTPAdapter.send, Engine.begin, BaseFileLock.acquire, ThreadPoolExecutor.submit

    def sent(adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **options: Any) -> Any:
        stop(f"before {request.method} {request.path_url[:40]}")
        answer = send(adapter, request, *args, **options)
        stop(f"after {request.method} {request.path_url[:40]}")
        return answer

    @contextmanager
    def begun(engine: Engine) -> Iterator[Connection]:
        stop("before a transaction")
        with begin(engine) as connection:
            yield connection
            writes = connection.get_execution_options().get("writes")
        if writes:  # after one that only reads nothing is different from before the next point
            stop(WRITTEN)

    def acquired(lock: BaseFileLock, *args: Any, **options: Any) -> Any:
        """Never in its queue, which only time would tell from work."""
        while True:
            stop("at the fence")
            try:
                return acquire(lock, blocking=False)
            except Timeout:
                continue

    def submitted(pool: ThreadPoolExecutor, task: Callable[..., Any], *args: Any, **options: Any) -> Any:
        return submit(pool, scheduler.carry(task), *args, **options)

    with ExitStack() as stack:
        for kind, name, hook in (
            (HTTPAdapter, "send", sent),
            (Engine, "begin", begun),
            (BaseFileLock, "acquire", acquired),
            (ThreadPoolExecutor, "submit", submitted),
        ):
            stack.enter_context(patch.object(kind, name, hook))
        yield

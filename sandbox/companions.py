"""Companions: processes that live and end together, each with its children in a group of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

Process = subprocess.Popen[bytes]

_stop_seconds = 20


def program(name: str) -> str:
    """A command that was installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


def free_ports(number: int) -> list[int]:
    """So many different ports of 127.0.0.1 on which nothing listens."""
    with ExitStack() as taken:
        sockets = [taken.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [each.getsockname()[1] for each in sockets]


def start(command: list[str], environment: Mapping[str, str]) -> Process:
    """Start a companion; it obeys SIGINT even if we were told to ignore it."""
    with _heeding(signal.SIGINT):
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def stop(*processes: Process) -> None:
    """End companions: each is asked, and ends its children; what is left of them then is killed."""
    for each in processes:
        each.send_signal(signal.SIGINT)
    end = time.monotonic() + _stop_seconds
    for each in processes:
        with suppress(subprocess.TimeoutExpired):
            each.wait(timeout=max(0.1, end - time.monotonic()))
    for each in processes:
        _tell(each, signal.SIGKILL)
        each.wait()


def wait_until(
    answers: Callable[[], bool], *, unless: Callable[[], bool], seconds: float = 120, every: float = 0.1
) -> bool:
    """Whether it answered in time; asked again until then, ``unless`` there is a reason to give up."""
    end = time.monotonic() + seconds
    while not unless() and time.monotonic() < end:
        if answers():
            return True
        time.sleep(every)
    return False


def _tell(process: Process, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


@contextmanager
def _heeding(number: int) -> Iterator[None]:
    """A signal that is ignored when a process starts is ignored by it for ever; Dagster then ignores SIGTERM too."""
    before = signal.getsignal(number)
    if before is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(number, before)

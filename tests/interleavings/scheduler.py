"""A scheduler that lets one of several runs go on at a time, from one point to its next; chance decides which."""

import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, Queue
from random import Random

_most_steps, _stuck_seconds = 20_000, 20


@dataclass(eq=False)
class Thread:
    """One run, and where it has stopped."""

    name: str
    go_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    where: str = "its beginning"
    stopped: int = 1
    """So many of its tasks wait to be let go on; those that ask side by side are several."""
    rests: int = 0
    """So many steps of others come first."""
    has_ended: bool = False
    error: str = ""


class Scheduler:
    """``between`` acts after each step, and is told what it was.

    A run that has not come to its next point after ``patience_seconds`` waits for a lock that another one holds; it
    stops when it comes there."""

    def __init__(self, chance: Random, between: Callable[[str], None], patience_seconds: float) -> None:
        self.trace: list[str] = []
        self._chance, self._between, self._patience_seconds = chance, between, patience_seconds
        self._stays = chance.choice((0.3, 0.7, 0.95))
        self._arrivals: Queue[Thread] = Queue()
        self._own = threading.local()
        self._current: Thread | None = None

    def play(self, runs: dict[str, Callable[[], object]]) -> list[str]:
        """Let all runs come to their end; what went wrong in them."""
        threads = [Thread(name) for name in runs]
        for thread in threads:
            threading.Thread(target=self._live, args=(thread, runs[thread.name]), daemon=True).start()
        while not all(thread.has_ended for thread in threads):
            assert len(self.trace) < _most_steps, self.trace[-20:]
            self._step(self._pick(threads))
            self._between(self.trace[-1])
        return [f"{thread.name}: {thread.error}" for thread in threads if thread.error]

    def stop(self, where: str) -> None:
        """A point of the run that this thread belongs to: it goes on when it is chosen."""
        thread: Thread | None = getattr(self._own, "thread", None)
        if thread is not None:
            thread.where = where
            self._arrivals.put(thread)
            thread.go_on.acquire()

    def carry(self, task: Callable[..., object]) -> Callable[..., object]:
        """A task that a writer of this run does in a thread of its own."""
        thread = getattr(self._own, "thread", None)

        def carried(*args: object, **options: object) -> object:
            self._own.thread = thread
            return task(*args, **options)

        return carried

    def _live(self, thread: Thread, run: Callable[[], object]) -> None:
        self._own.thread = thread
        thread.go_on.acquire()
        try:
            run()
        except BaseException:  # noqa: BLE001 - whatever it is, the run has failed
            thread.error = traceback.format_exc()
        thread.has_ended, thread.where = True, "its end"
        self._arrivals.put(thread)

    def _pick(self, threads: Sequence[Thread]) -> Thread:
        while not (ready := [each for each in threads if each.stopped and not each.has_ended]):
            self._arrive(_stuck_seconds)
        for thread in ready:
            thread.rests = max(0, thread.rests - 1)
        awake = [thread for thread in ready if not thread.rests] or ready
        if self._current in awake and self._chance.random() < self._stays:
            return self._current
        return self._chance.choice(awake)

    def _step(self, thread: Thread) -> None:
        self._current, thread.stopped = thread, thread.stopped - 1
        thread.go_on.release()
        try:
            while not thread.stopped:
                self._arrive(self._patience_seconds)
        except Empty:
            return

    def _arrive(self, seconds: float) -> None:
        arrived = self._arrivals.get(timeout=seconds)
        arrived.stopped += 1
        # what goes wrong needs one run to stand still in the middle of its writes while others come and go
        is_writing = "POST" in arrived.where or "fence" in arrived.where
        if self._chance.random() < (0.5 if is_writing else 0.02):
            arrived.rests = self._chance.randint(5, 400)
        self.trace.append(f"{arrived.name}: {arrived.where}")

"""A folder as the queue of runs on one machine: the file system transport of kombu, made safe for many at once.

kombu's own makes a file visible before it is written, and a worker that is quick takes an empty one.
"""

from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

from pipelines.orchestration.appearing import appear

SCHEME = "folder"
_look_every_seconds = 0.03


class Channel(filesystem.Channel):
    """Messages are files that appear and are taken whole, by a rename; the oldest first."""

    def _queue_bind(self, exchange: str, *rest: Any) -> None:  # noqa: ANN401 - kombu's signature
        """Make known that the queue is there: in a file that is whole before kombu, who locks it, writes to it."""
        file = self._exchange_file(exchange)  # type: ignore[no-untyped-call]
        appear(file, lambda beside: beside.write_text("[]", "utf-8"))
        super()._queue_bind(exchange, *rest)  # type: ignore[no-untyped-call]

    def _put(self, queue: str, payload: object, **_: object) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{time_ns()}_{uuid4()}"
        written = folder / f"{name}.part"
        written.write_text(dumps(payload), "utf-8")  # type: ignore[no-untyped-call]
        written.rename(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ANN401, ARG002 - kombu's signature
        for path in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            taken = path.with_suffix(".taken")
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            message = loads(taken.read_text("utf-8"))  # type: ignore[no-untyped-call]
            taken.unlink()
            return message
        raise Empty


class Transport(filesystem.Transport):
    """What Celery calls a broker."""

    Channel = Channel


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


def settings_of(folder: Path) -> dict[str, Any]:
    """Broker and result backend in this folder, as Dagster's Celery launcher takes them; makes the folder."""
    places = {name: folder / name for name in ("messages", "control", "results")}
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    messages = str(places["messages"])
    options = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": str(places["control"]),
               "polling_interval": _look_every_seconds}  # fmt: skip
    return {
        "broker": f"{SCHEME}://localhost//",
        "backend": f"file://{places['results']}",
        "config_source": {"broker_transport_options": options},
    }

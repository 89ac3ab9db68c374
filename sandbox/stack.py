"""The stack: what runs beside the sandbox while co2sf is live, and how one talks to it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests

from sandbox.companions import Process, free_ports, program, start, stop, wait_until
from sandbox.place import Place

_ours = "pipelines.definitions"
_ready = "{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }"


@dataclass(frozen=True, slots=True)
class Stack:
    """Dagster, the webhook receiver and what else belongs to them, over one place."""

    place: Place
    ui_port: int
    code_port: int
    processes: dict[str, Process]
    module: str = _ours
    """What Dagster loads."""

    @property
    def ui(self) -> str:
        """The address of Dagster's UI."""
        return f"http://127.0.0.1:{self.ui_port}"

    def commands(self) -> dict[str, list[str]]:
        """What runs, by name, the first one first. A new companion is one more line here."""
        workspace, quiet = ["-w", str(self.place.home / "workspace.yaml")], ["--log-level", "warning"]
        here, co2sf = ["-h", "127.0.0.1"], program("co2sf")
        server = ["code-server", "start", "-m", self.module, *here, "-p", str(self.code_port), *quiet]
        ui = [*workspace, *here, "-p", str(self.ui_port), "--dagster-log-level", "warning"]
        return {
            "code server": [program("dagster"), *server],
            "daemon": [program("dagster-daemon"), "run", *workspace, *quiet],
            "UI": [program("dagster-webserver"), *ui],
            "receiver": [co2sf, "listen", "--port", str(self.place.receiver_port)],
            "watcher": [co2sf, "watch", "--ui", self.ui],
            **({"worker": [co2sf, "worker"]} if self.place.profile == "fast" else {}),
        }

    def start(self, name: str) -> None:
        """Start one, for the first time or again: then what is left of it ends first."""
        if name in self.processes:
            self.stop(name)
        self.processes[name] = start(self.commands()[name], _environment(self.place))

    def stop(self, name: str) -> None:
        """End one."""
        stop(self.processes[name])

    def ended(self) -> list[str]:
        """The names of those that ended by themselves."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    def ask(self, query: str, **variables: object) -> Any:  # noqa: ANN401 - what JSON holds
        """The answer of the UI's GraphQL."""
        body = {"query": query, "variables": variables}
        answer = requests.post(f"{self.ui}/graphql", json=body, timeout=120)  # a reload loads all code anew
        answer.raise_for_status()
        return answer.json()["data"]

    def is_ready(self) -> bool:
        """Whether the UI shows the definitions and the receiver listens."""
        with suppress(requests.RequestException):
            requests.get(f"{self.place.receiver}health", timeout=2)
            entries = self.ask(_ready)["workspaceOrError"]["locationEntries"]
            kinds = [(each["locationOrLoadError"] or {}).get("__typename") for each in entries]
            return kinds == ["RepositoryLocation"]
        return False


@contextmanager
def live(
    place: Place, ui_port: int, given_up: Callable[[], bool] = lambda: False, module: str = _ours
) -> Iterator[Stack]:
    """All of it, ready unless ``given_up``, until the block ends."""
    stack = Stack(place, ui_port, free_ports(1)[0], {}, module)
    _write_workspace(stack)
    first, *rest = stack.commands()
    try:
        stack.start(first)
        # what asks the code server before it is there would only ask again much later
        wait_until(lambda: _listens(stack.code_port), unless=lambda: given_up() or bool(stack.ended()))
        for name in rest:
            stack.start(name)
        wait_until(stack.is_ready, unless=lambda: given_up() or bool(stack.ended()))
        yield stack
    finally:
        stop(*stack.processes.values())  # all at once: the daemon waits for the sensor, which ends with the code server


def _environment(place: Place) -> dict[str, str]:
    """Warnings of Dagster to its users are for us to read, not for a visitor."""
    return place.environment() | {"PYTHONWARNINGS": "ignore", "DAGSTER_GRPC_SHUTDOWN_GRACE_PERIOD": "2"}


def _write_workspace(stack: Stack) -> None:
    server = f"{{host: 127.0.0.1, port: {stack.code_port}, location_name: co2sf}}"
    (stack.place.home / "workspace.yaml").write_text(f"load_from:\n  - grpc_server: {server}\n", "utf-8")


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False

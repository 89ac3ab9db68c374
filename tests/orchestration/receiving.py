"""A webhook receiver that can be down, and the alerts sensor as the daemon evaluates it, at any time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.errors import Co2sfError
from pipelines.orchestration.alerts import look
from pipelines.orchestration.connections import Connections
from pipelines.settings import AlertSettings, read_settings
from sandbox.serving import serve


@dataclass
class Receiver:
    """What was posted, newest last."""

    url: str = ""
    status: int = 200
    posted: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [each["text"] for each in self.posted]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    async def take(request: Request) -> Response:
        if receiver.status == 200:
            receiver.posted.append(await request.json())
        return Response("ok", receiver.status)

    with serve(Starlette(routes=[Route("/hook/s3cret", take, methods=["POST"])])) as running:
        receiver.url = f"{running.url}/hook/s3cret"
        yield receiver


@dataclass
class Watch:
    """The alerts sensor; ``at`` minutes from now it looks, and goes on where it stopped."""

    instance: dg.DagsterInstance
    definitions: dg.Definitions
    receiver: Receiver
    cursor: str | None = None
    begun_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def look(self, minutes: float = 0) -> str:
        """What the tick says."""
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, repository_def=self.definitions.get_repository_def()
        )
        try:
            with Connections().ledger() as ledger:
                now = self.begun_at + timedelta(minutes=minutes)
                return look(context, ledger, read_settings(AlertSettings), now)
        except Co2sfError as error:
            return str(error)
        finally:
            self.cursor = context.cursor

    def run(self, job: str = "sync", config: Any = None, tags: Any = None) -> str:
        """Run a job to its end; the id of the run."""
        return (
            self.definitions.resolve_job_def(job)
            .execute_in_process(instance=self.instance, raise_on_error=False, run_config=config, tags=tags)
            .run_id
        )

    def tick(self, minutes: float, status: TickStatus, reason: str | None = None) -> None:
        """A tick of the sensor ``changes``, as the daemon keeps it."""
        state = self._changes()
        self.instance.create_tick(
            TickData(
                instigator_origin_id=state.instigator_origin_id,
                instigator_name="changes",
                instigator_type=InstigatorType.SENSOR,
                status=status,
                timestamp=(self.begun_at + timedelta(minutes=minutes)).timestamp(),
                skip_reason=reason,
                selector_id=state.selector_id,
            )
        )

    def _changes(self) -> InstigatorState:
        repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("co2sf"), "__repository__")
        origin = RemoteInstigatorOrigin(repository, "changes")
        known = self.instance.get_instigator_state(origin.get_id(), origin.get_selector().get_id())
        return known or self.instance.add_instigator_state(
            InstigatorState(origin, InstigatorType.SENSOR, InstigatorStatus.DECLARED_IN_CODE, SensorInstigatorData())
        )

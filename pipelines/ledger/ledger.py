"""The ledger: one object that answers what is known, records what became of rows, and keeps what is owed."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from pipelines.errors import FixAccess
from pipelines.ledger import accounts, copying, watermarks
from pipelines.ledger.alarming import Alarming
from pipelines.ledger.calling import Calling
from pipelines.ledger.database import engine_for, reading, writing
from pipelines.ledger.editing import Editing
from pipelines.ledger.fence import Fence
from pipelines.ledger.landing import Landing
from pipelines.ledger.looking import Looking
from pipelines.ledger.measuring import Measuring
from pipelines.ledger.migrate import migrate
from pipelines.ledger.noticing import Noticing
from pipelines.ledger.owing import Owing
from pipelines.ledger.pruning import Pruning
from pipelines.ledger.sending import Sending
from pipelines.ledger.watermarks import Watermark


def open_ledger(url: str) -> "Ledger":
    """Open the ledger at ``sqlite:///path/ledger.db`` or a PostgreSQL url, its tables made; FixAccess if it cannot."""
    engine = engine_for(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Ledger(engine)


class Ledger(Landing, Owing, Sending, Noticing, Calling, Looking, Editing, Measuring, Alarming, Pruning):
    """All that we know, of one ChargeOver account and one org; its parts stand in files of their own."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @property
    def fence(self) -> Fence:
        """What keeps two runs from writing rows of the same customers at once."""
        return Fence(self._engine)

    def copy_to(self, other: "Ledger") -> None:
        """Copy what runs depend on into an empty ledger in a SQLite file."""
        copying.copy(self._engine, other._engine)  # noqa: SLF001 - another of the same class

    def claim(self, kind: str, account: str) -> None:
        """Keep whose rows these are; FixAccess when the ledger knows another account than this one."""
        with writing(self._engine) as connection:
            known = accounts.claimed(connection, kind, account)
        if known != account:
            raise FixAccess(f"ledger: its rows are those of {kind} {known}, and this is {kind} {account}; "
                            "give it a ledger of its own (CO2SF_LEDGER), then sync")  # fmt: skip

    def is_of(self, kind: str, account: str) -> bool:
        """Whether the ledger knows this account to be the one whose rows these are; nothing is claimed."""
        with reading(self._engine) as connection:
            return accounts.known(connection, kind) == account

    def watermarks(self) -> dict[str, Watermark]:
        """How far each mapping has been synced, by sObject."""
        with reading(self._engine) as connection:
            return watermarks.read(connection)

    def forget_watermarks(self, but: Collection[str]) -> None:
        """Forget how far sObjects were synced that no mapping names any more: one that comes back is read whole."""
        with writing(self._engine) as connection:
            watermarks.forget(connection, but)

    def advance(
        self, run_id: str, sobject: str, end_at: datetime, mapping_fingerprint: str, at: datetime, hint: int
    ) -> None:
        """Move a watermark on, its time and its hint each never back."""
        with writing(self._engine) as connection:
            watermarks.advance(connection, sobject, Watermark(end_at, mapping_fingerprint, run_id, at, hint))

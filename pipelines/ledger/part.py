"""What the parts of the ledger share: one database."""

from sqlalchemy import Engine


class Part:
    """Some questions to the ledger; each method is one transaction, safe beside other processes and threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

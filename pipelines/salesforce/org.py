"""An org: what can be asked of it and written to it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

from simple_salesforce.api import Salesforce

from pipelines.salesforce.batch import Request
from pipelines.salesforce.budget import Budget
from pipelines.salesforce.bulk.jobs import Jobs
from pipelines.salesforce.bulk.queries import Queries
from pipelines.salesforce.connection import Connection, Faulty, Logins, said
from pipelines.salesforce.deploy import Deployments
from pipelines.salesforce.describe import Description, describe, sobjects
from pipelines.salesforce.granting import assign
from pipelines.salesforce.identity import Identity, identity, versions
from pipelines.salesforce.login import Credentials
from pipelines.salesforce.remove import Removal
from pipelines.salesforce.replies import Reply
from pipelines.salesforce.session import Patience, Session
from pipelines.salesforce.throttle import Throttle
from pipelines.salesforce.upsert import Upsert
from pipelines.salesforce.usage import Usage


class Org:
    """One Salesforce org, usable from several threads; it logs in at the first call, and anew when a login expires.

    Its calls are taken from the budget, and at most so many ``writers`` have a request under way at once. ``logins``
    are those that this process has made before."""

    def __init__(
        self,
        credentials: Credentials,
        api_version: str = "67.0",
        timeout_seconds: tuple[float, float] = (5, 130),
        patience: Patience | None = None,
        budget: Budget | None = None,
        writers: int = 8,
        logins: Logins | None = None,
    ) -> None:
        self._api_version = api_version
        self._patience = patience or Patience()
        self.throttle = Throttle(writers)
        self._session = Session(timeout_seconds, self._patience, budget, self.throttle)
        self._connection = Connection(credentials, api_version, self._session, logins)
        self.jobs = Jobs(self._connection, self._patience)
        """Bulk API 2.0: many rows of one sObject in one file."""
        self.queries = Queries(self._connection, self._patience)
        """Bulk API 2.0: the answer to a query over many rows in a few files."""
        self.deployments = Deployments(self._connection)
        """Metadata API: objects, fields and permission sets."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    @property
    def usage(self) -> Usage:
        """API calls: ours, and the org's as its last answer told them."""
        return self._session.meter.usage

    def org_id(self) -> str:
        """The id of the org (15 characters): a copy of an org has another one."""
        return self._connection.org_id()

    def describe(self, sobject: str, since: str = "") -> Description | None:
        """What the sObject looks like to our user; None when it is unchanged ``since`` this Last-Modified."""
        return describe(self._connection, sobject, since)

    def sobjects(self) -> dict[str, str]:
        """The sObjects into which our user may write, name to label."""
        return sobjects(self._connection)

    def upsert(self, request: Request) -> list[list[Reply]]:
        """Insert or update rows by external id; one reply for each row, in the order of collections and rows.

        Locked rows are sent again, and a call that fails whole is cut until the bad rows stand alone. A reply that
        ``stops`` says that no row (of this sObject) can land until a person acts; other collections have their replies.
        One that is ``held`` waits for its parent; any other without success is refused, also what was locked to the
        end. A fault of the org raises FixAccess or TryLater: what had landed lands again, unchanged, next time.
        """
        with self._session.whole():
            return Upsert(self._connection, request, self._api_version, self._patience, self.throttle).run()

    def delete(self, sobject: str, salesforce_ids: Sequence[str]) -> list[Reply]:
        """Delete rows; what is gone already counts as done."""
        removal = Removal(self._connection, sobject, self._api_version, self._patience, self.throttle)
        return removal.run(salesforce_ids)

    def query(self, soql: str) -> Iterator[dict[str, Any]]:
        """The records of a SOQL query, page by page, without their ``attributes``."""
        page = self._ask(lambda client: client.query(soql))
        while page:
            for record in page["records"]:
                yield {name: value for name, value in record.items() if name != "attributes"}
            page = None if page["done"] else self._next_page(page["nextRecordsUrl"])

    def identity(self) -> Identity:
        """Who we are there."""
        return identity(self._connection)

    def versions(self) -> list[str]:
        """The versions of its API, the oldest first."""
        return versions(self._connection)

    def assign(self, permission_set: str, user_id: str) -> bool:
        """Give a permission set to a user; False when the user had it."""
        return assign(self._connection, self.query, permission_set, user_id)

    def limits(self) -> dict[str, Any]:
        """The org's limits: name to Max and Remaining (REST API guide)."""
        return dict(self._ask(lambda client: client.limits()))

    def _next_page(self, url: str) -> Any:  # noqa: ANN401 - what JSON holds
        return self._ask(lambda client: client.query_more(url, identifier_is_url=True))

    def _ask(self, ask: Callable[[Salesforce], Any]) -> Any:  # noqa: ANN401 - what JSON holds
        try:
            return self._connection.call(ask)
        except Faulty as fault:
            raise said(fault) from None

"""Holdings: rows of several sObjects as Salesforce holds them, read ahead of those who will want them."""

from collections.abc import Collection, Iterable, Mapping
from itertools import islice

from more_itertools import unique_everseen

from pipelines.salesforce.held import Asked, Held, rows_by_key
from pipelines.salesforce.org import Org

_at_once = 1_000


class Holdings:
    """Each row is read once: in as few queries as rows of one sObject take together, whoever wants how many of them."""

    def __init__(self, org: Org, asked: Mapping[str, Asked], ahead: Mapping[str, Iterable[str]]) -> None:
        """``ahead``: the external ids that will be wanted, by sObject, about in the order in which they will be."""
        self._org, self._asked = org, asked
        self._ahead = {sobject: iter(ids) for sobject, ids in ahead.items()}
        self._read: dict[tuple[str, str], Held | None] = {}

    def take(self, sobject: str, external_ids: Collection[str]) -> dict[str, Held]:
        """Those of these rows that there are."""
        missing = [each for each in external_ids if (sobject, each) not in self._read]
        if missing:
            coming = islice(self._ahead.get(sobject, iter(())), max(0, _at_once - len(missing)))
            self._look(sobject, list(unique_everseen((*missing, *coming))))
        return {each: row for each in external_ids if (row := self._read[sobject, each]) is not None}

    def _look(self, sobject: str, external_ids: Collection[str]) -> None:
        """Salesforce may write an id in other letters than it was asked for, in a field that is not case sensitive."""
        found = {row.external_id.casefold(): row for row in rows_by_key(self._org, self._asked[sobject], external_ids)}
        self._read |= {(sobject, each): found.get(each.casefold()) for each in external_ids}

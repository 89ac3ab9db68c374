"""Many records by id in as few calls as there may be: there is no IN operator, but a page covers a range of ids."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from pipelines.chargeover.client import ChargeOver, Seen
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of, is_complete, page_of, read_one, shallow
from pipelines.chargeover.where import clause

_worth_a_page = 3
Read = tuple[Seen, tuple[int, ...]]


def read_many(chargeover: ChargeOver, kind: Object, ids: Iterable[int]) -> Iterator[Read]:
    """These records with their children, each once: what a call showed of them, and the ids that ChargeOver does not
    have any more. Three or more within reach of one page are read by it; what it lacks or shows only in part is read
    alone, since only ChargeOver's 404 says that a record is gone."""
    left, done = sorted(set(ids)), 0
    reach = chargeover.page_limit(kind.name) if kind.keyset else 0
    while done < len(left):
        wanted = left[done : bisect_right(left, left[done] + reach - 1)]
        if len(wanted) < _worth_a_page:
            yield _alone(chargeover, kind, left[done])
            done += 1
            continue
        seen = _page(chargeover, kind, wanted)
        if not seen.is_last and id_of(kind, seen.rows[-1]) < wanted[-1]:  # the account cuts pages to this length
            wanted = wanted[: bisect_right(wanted, id_of(kind, seen.rows[-1]))]
            reach = min(reach, len(seen.rows))
        found = {id_of(kind, row): row for row in seen.rows}
        shown = [found[each] for each in wanted if each in found]
        whole = {id_of(kind, row): shallow(kind, row) for row in shown if is_complete(kind, row)}
        if whole:
            yield Seen(list(whole.values()), seen.observed_at), ()
        elif shown:
            reach = 0  # lists show this object only in part: they spare no call
        yield from (_alone(chargeover, kind, each) for each in wanted if each not in whole)
        done += len(wanted)


def _page(chargeover: ChargeOver, kind: Object, wanted: list[int]) -> Seen:
    span = [clause(kind.key, "GTE", wanted[0]), clause(kind.key, "LTE", wanted[-1])]
    return page_of(chargeover, kind, span, above=wanted[0] - 1)


def _alone(chargeover: ChargeOver, kind: Object, record_id: int) -> Read:
    seen = read_one(chargeover, kind, record_id)
    return seen, () if seen.rows else (record_id,)

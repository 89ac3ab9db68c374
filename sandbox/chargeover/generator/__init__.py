"""A made-up billing company of any size: the same seed, size and end make the same company, row for row.

It is lived through, not drawn: events run in order of time through the same functions that serve the API, so every sum
agrees by construction. About 8,000 customers over 6 months give 100,000 rows of the kinds that are worth copying.
"""

from datetime import datetime, timedelta

from sandbox.chargeover.clock import Clock
from sandbox.chargeover.company import Company
from sandbox.chargeover.generator.customers import sign_up
from sandbox.chargeover.generator.products import stock
from sandbox.chargeover.generator.timeline import Timeline
from sandbox.chargeover.objects.small import furnish
from sandbox.chargeover.settings import Settings

_DAY = 86400
_FOUNDED_BEFORE_DAYS = 400


def generate(
    customers: int, months: int = 6, seed: int = 1, *, until: datetime, settings: Settings | None = None
) -> Company:
    """A company whose ``customers`` joined during the ``months`` before ``until`` (aware), where its clock starts."""
    end = int(until.timestamp())
    start = end - int(timedelta(days=30.4 * months).total_seconds())
    timeline = Timeline(end)
    company = Company(Settings(zone=(settings or Settings()).zone), timeline, seed)
    timeline.at = start - _FOUNDED_BEFORE_DAYS * _DAY
    furnish(company, timeline.at)
    stock(company)
    for at in sorted(company.random.randrange(start, end) for _ in range(customers)):
        timeline.plan(at, sign_up, None)
    timeline.live(company)
    company.happenings.clear()
    company.clock = Clock(until)
    company.configure(settings or Settings())
    return company

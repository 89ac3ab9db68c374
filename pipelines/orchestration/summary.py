"""A run in a sentence: what led to it, what became of the rows, how long changes took, and what it cost."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import dagster as dg

from pipelines.ledger.choice import Choice
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Verdict
from pipelines.sync.lag import Lag, Waits
from pipelines.sync.load import Loaded
from pipelines.sync.staging import Manifest

did_tag = "did"
"""The run tag that says what a run changed: ``3 updated, 1 held``."""

Done = Sequence[tuple[Loaded, Manifest]]


def tell(context: dg.AssetExecutionContext, done: Done, salesforce_calls: int, ledger: Ledger) -> None:
    """Log what a run has done in a sentence, and tag the run with the shortest form of it."""
    context.log.info(summary(done, salesforce_calls, ledger.number_owed(Choice())))
    context.instance.add_run_tags(context.run.run_id, {did_tag: did(_verdicts(done)) or "nothing"})


def summary(done: Done, salesforce_calls: int, owed: int) -> str:
    """Say "5 records by webhook, 5 rows: 3 updated, 1 created, 1 held; 2.1 s from ChargeOver to Salesforce; ..."."""
    reads = list({read.records: read for _, read in done}.values())  # two mappings may have used the same records
    calls = sum(sum(read.calls.values()) for read in reads)
    parts = [
        f"{_records(reads)}, {_rows(_verdicts(done))}",
        *_waits(loaded.tally.lag for loaded, _ in done),
        f"{calls:,} ChargeOver and {salesforce_calls:,} Salesforce calls",
        *([f"{owed:,} {'row is' if owed == 1 else 'rows are'} owed"] if owed else []),
    ]
    return "; ".join(parts)


def did(verdicts: Counter[Verdict]) -> str:
    """What was changed or could not be: "3 updated, 1 held"; empty for nothing."""
    return _counted({name: count for name, count in verdicts.items() if name is not Verdict.UNCHANGED})


def _rows(verdicts: Counter[Verdict]) -> str:
    count = verdicts.total()
    return f"{count:,} {'row' if count == 1 else 'rows'}: {_counted(verdicts)}" if count else "nothing to do"


def _counted(verdicts: Mapping[Verdict, int]) -> str:
    found = sorted(verdicts.items(), key=lambda each: list(Verdict).index(each[0]))
    return ", ".join(f"{count:,} {name}" for name, count in found if count)


def _verdicts(done: Done) -> Counter[Verdict]:
    return sum((loaded.tally.verdicts for loaded, _ in done), Counter())


def _records(reads: Iterable[Manifest]) -> str:
    signals = sum((Counter(read.signals) for read in reads), Counter[str]())
    count = signals.total()
    head = f"{count:,} {'record' if count == 1 else 'records'}"
    if len(signals) < 2:
        return " ".join([head, *(f"by {signal}" for signal in signals)])
    return f"{head} ({', '.join(f'{number:,} by {signal}' for signal, number in signals.most_common())})"


def _waits(lags: Iterable[Lag]) -> list[str]:
    """The median wait of all that landed: since the change, or where ChargeOver tells none, since it was noticed."""
    lag = Lag()
    for each in lags:
        lag.merge(each)
    known = ((lag.changed, "from ChargeOver to Salesforce"), (lag.noticed, "from its first sign to Salesforce"))
    return [_wait(waits, words) for waits, words in known if waits.kept][:1]


def _wait(waits: Waits, words: str) -> str:
    usual, longest = waits.median or 0.0, waits.longest or 0.0
    return f"{usual:.1f} s {words}" + (f" (longest {longest:.1f} s)" if longest >= usual + 0.1 else "")

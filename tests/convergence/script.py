"""A failed history as a person reads it."""

from history import Verdict


def script_of(verdict: Verdict) -> str:
    """The account, the deeds and syncs as lines of Python, what differs field by field, and how to see it again."""
    base = verdict.plan.base
    synced = "synced before it begins" if verdict.plan.is_synced else "never synced before"
    return "\n".join((
        f"\nseed {verdict.plan.seed}: begins {base.start}, mappings: {base.family}, {synced}",
        f"account: {base.variant}",
        *(f"    {line}" for line in verdict.script),
        *verdict.differences,
        f"again: make chaos SEED={verdict.plan.seed}",
    ))  # fmt: skip

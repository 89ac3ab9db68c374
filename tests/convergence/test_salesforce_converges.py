"""Whatever happens in ChargeOver, and whenever we look: after the stated time Salesforce is as ChargeOver is.

40 seeded histories; ``make chaos N=1000`` plays new ones."""

import pytest
from plan import plan, seeds_per_base
from script import script_of
from shrinking import shrink

bases = 4


@pytest.mark.parametrize("base", range(bases))
def test_every_history_of_a_company_ends_with_salesforce_as_chargeover_is(play, base):
    for seed in range(base * seeds_per_base, (base + 1) * seeds_per_base):
        verdict = play(plan(seed))
        if verdict.differences:
            pytest.fail(script_of(shrink(verdict, play, seconds=60)), pytrace=False)

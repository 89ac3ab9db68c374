"""Whatever happens in ChargeOver, and whenever we look: after the stated time Salesforce is as ChargeOver is.

200 seeded histories; ``make chaos N=1000`` plays new ones."""

import pytest
from plan import plan, seeds_per_base
from shrinking import shrink

bases = 20


@pytest.mark.parametrize("base", range(bases))
def test_every_history_of_a_company_ends_with_salesforce_as_chargeover_is(play, base):
    for seed in range(base * seeds_per_base, (base + 1) * seeds_per_base):
        verdict = play(plan(seed))
        if not verdict.is_good:
            pytest.fail("\n".join(shrink(verdict, play, seconds=60).told()))

"""Fields are picked out of a payload as they were written."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pipelines.sync.payload import picked

values = st.one_of(st.none(), st.booleans(), st.integers(), st.text())
payloads = st.dictionaries(st.from_regex(r"[A-Z][a-z]{0,8}(__c)?", fullmatch=True), values, min_size=1)


@given(payloads, st.data())
def test_the_wanted_fields_are_left_and_no_other(payload, data):
    wanted = data.draw(st.sets(st.sampled_from(sorted(payload))))
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    assert json.loads(picked(text, wanted)) == {name: payload[name] for name in wanted}


def test_numbers_keep_their_spelling():
    text = '{"A":12.50,"B":1E+3,"C":"x","D":123456789012345678.90}'
    assert picked(text, {"A", "B", "D"}) == '{"A":12.50,"B":1E+3,"D":123456789012345678.90}'

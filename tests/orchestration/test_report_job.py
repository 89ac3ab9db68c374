"""The report job: what happened to records, for the UI."""

import pytest
from reading_runs import failures_of

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 2


def asked(live, **config):
    """A report's run, its table and its counts."""
    result = live.run(job="report", config={"ops": {"lines": {"config": config}}})
    outputs = [each.step_output_data.metadata for each in result.all_events if each.is_successful_output]
    found = {name: each.value for name, each in outputs[0].items()} if outputs else {}
    return result, found.pop("lines", ""), found


def test_a_report_shows_lines_of_records_without_a_customer_s_value(world, live):
    live.run("chargeover/customer", "mapped/customers", "salesforce/Account")
    customer = world.create("customer", company="Zanzibar Trading")
    live.edit("customers", "{from: total,   as: currency}", "{from: company, as: currency}")
    live.run("chargeover/customer", "mapped/customers", "salesforce/Account")

    _, table, counts = asked(live, record=f"customer:{customer}")

    assert counts == {"rejected": 1}
    (line,) = table.splitlines()[2:]
    assert f"| customer:{customer} | Account {customer} | rejected | REJECTED | " in line
    assert "a value does not fit what the mapping says of its field" in line
    assert "Zanzibar" not in table
    _, table, counts = asked(live, verdict="created", since="1h", sobject="Account")
    assert (counts, table.count("| created |")) == ({"created": 2}, 2)
    result, _, _ = asked(live, record="Zanzibar")
    assert failures_of(result) == ["'Zanzibar' names no record; write object and id, such as invoice:10041"]

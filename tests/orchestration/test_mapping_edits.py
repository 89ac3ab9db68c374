"""What an edit of a mapping file asks for by itself: the sensor ``mapping_edits``."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from pipelines.orchestration import edits
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import full_resync, lane_of, resync_mapping

pytestmark = pytest.mark.slow

CUSTOMERS = {"chargeover/customer", "mapped/customers", "salesforce/Account"}
tax = "ChargeOver_Tax_Id__c:               tax_ident"
cut = "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3, too_long: cut}"


@pytest.fixture
def customers():
    return 0


@pytest.fixture
def live(world, live):
    """Two customers, loaded by a mapping whose old rows follow its edits."""
    live.keep("customers")
    live.edit("customers", "external_id:", "on_change: resync\nexternal_id:")
    for tax_ident in ("12", "12345"):
        world.create("customer", company="Acme", tax_ident=tax_ident)
    assert live.run().success
    return live


@pytest.fixture
def tick(live):
    """One evaluation of the sensor over the definitions as they stand (or were loaded); its cursor goes on."""
    cursor = {"at": None}

    def evaluate(definitions=None):
        repository = (definitions or live.definitions()).get_repository_def()
        context = dg.build_sensor_context(
            instance=live.instance,
            repository_def=repository,
            resources={"connections": Connections()},
            cursor=cursor["at"],
        )
        asked = edits.mapping_edits(context)
        cursor["at"] = context.cursor
        return asked.skip_message if isinstance(asked, dg.SkipReason) else asked

    assert evaluate() == "no mapping was edited"
    return evaluate


@pytest.fixture
def later(monkeypatch):
    """Moves the clock of the sensor on."""

    def move(**passed):
        class Later(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz or UTC) + timedelta(**passed)

        monkeypatch.setattr(edits, "datetime", Later)

    return move


def start(live, asked, **definitions):
    """What Dagster does with the only request."""
    (request,) = asked
    keys = [key.to_user_string() for key in request.asset_selection]
    return live.run(*keys, job=request.job_name, config=request.run_config, **definitions)


def updated(result):
    (event,) = (each for each in result.get_asset_materialization_events() if each.asset_key.path[0] == "salesforce")
    return {name: event.materialization.metadata[name].value for name in ("read", "updated", "unchanged")}


def tax_ids(world):
    return [row["ChargeOver_Tax_Id__c"] for _, row in sorted(world.rows("Account").items())]


def test_after_an_edit_one_run_reads_all_records_and_sends_the_rows_that_differ(world, live, tick):
    live.edit("customers", tax, cut)

    (request,) = asked = tick()

    assert {key.to_user_string() for key in request.asset_selection} == CUSTOMERS
    assert request.tags["why"] == "mapping edited: customers"
    assert updated(start(live, asked)) == {"read": 2, "updated": 1, "unchanged": 1}
    assert tax_ids(world) == ["12", "123"]
    assert tick() == "no mapping was edited"


def test_a_resync_is_a_run_of_the_backfill_lane(live):
    job = live.definitions().resolve_job_def(resync_mapping.name)

    assert lane_of(live.instance.create_run_for_job(job, tags=job.tags)) == "backfill"


@pytest.mark.parametrize("job", [full_resync.name, resync_mapping.name])
def test_no_second_run_is_asked_for_while_one_is_under_way(live, tick, later, job):
    live.edit("customers", tax, cut)
    assert tick()
    job = live.definitions().resolve_job_def(job)
    live.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    later(days=1)

    assert tick() == "a full sync is under way"


def test_a_run_that_failed_or_was_killed_is_asked_for_again_after_a_wait_that_doubles(live, tick, later):
    live.edit("customers", tax, cut)
    asked_at = [
        seconds for seconds in (0, 29, 31, 89, 92, 209, 213) if later(seconds=seconds) or isinstance(tick(), list)
    ]

    assert asked_at == [0, 31, 92, 213]


def test_an_edit_while_a_resync_has_failed_is_asked_for_at_once(live, tick):
    live.edit("customers", tax, cut)
    assert isinstance(tick(), list)
    live.edit("customers", "max: 3,", "max: 4,")

    assert isinstance(tick(), list)


def test_an_edit_that_is_taken_back_before_any_row_followed_asks_for_nothing(live, tick):
    live.edit("customers", tax, cut)
    live.edit("customers", cut, tax)

    assert tick() == "no mapping was edited"


def test_an_edit_that_is_taken_back_after_a_row_has_followed_brings_that_row_back(world, live, tick):
    live.edit("customers", tax, cut)
    world.call("PUT", "customer/2", {"company": "Acme & Co."})
    live.run(*CUSTOMERS)
    assert tax_ids(world) == ["12", "123"]
    live.edit("customers", cut, tax)

    assert updated(start(live, tick())) == {"read": 2, "updated": 1, "unchanged": 1}
    assert tax_ids(world) == ["12", "12345"]
    assert tick() == "no mapping was edited"


def test_comments_layout_and_descriptions_ask_for_nothing(live, tick):
    live.edit("customers", tax, "ChargeOver_Tax_Id__c:  {from: tax_ident}  # as agreed")
    live.edit("customers", "external_id:", "description: Who pays.\nexternal_id:")

    assert tick() == "no mapping was edited"


def test_from_now_on_asks_for_nothing_until_the_file_says_resync(live, tick):
    live.edit("customers", "on_change: resync", "on_change: from_now")
    live.edit("customers", tax, cut)
    assert tick() == "no mapping was edited"
    live.edit("customers", "on_change: from_now", "on_change: resync")

    assert updated(start(live, tick()))["updated"] == 1


def test_an_edit_of_a_conversion_counts_for_the_mappings_that_use_it(world, live, tick):
    code = (
        "from pipelines.mapping.conversions import conversion\n\n\n@conversion\ndef short(value): return value[:{}]\n"
    )
    conversions = live.folder / "conversions.py"
    conversions.write_text(code.format(4))
    live.edit("customers", tax, "ChargeOver_Tax_Id__c: {from: tax_ident, as: short}")
    assert updated(start(live, tick()))["updated"] == 1
    conversions.write_text(code.format(2))

    assert updated(start(live, tick())) == {"read": 2, "updated": 1, "unchanged": 1}
    assert tax_ids(world) == ["12", "12"]


def test_no_resync_is_asked_for_while_backfills_have_used_their_calls(live, tick, monkeypatch):
    with Connections().ledger() as ledger:
        budget = Connections().budget(ledger, "backfill")
        budget.told(0, 100_000)
        ledger.spend(str(budget.allowance.settings.url), "backfill", 25_000, datetime.now(UTC))
    live.edit("customers", tax, cut)

    assert tick().startswith("Salesforce: backfills have made 25,000 of the 25,000 calls")


def test_a_mapping_that_was_never_loaded_is_left_to_its_first_load(live, tick):
    live.folder.joinpath("items.yaml").write_text(
        "from: item\nto: Product2\nexternal_id: ChargeOver_Id__c\non_change: resync\n"
        "fields: {ChargeOver_Id__c: item_id, Name: name}\n"
    )

    assert tick() == "no mapping was edited"


PEOPLE = """
from: customer
to: Contact
external_id: ChargeOver_Id__c
fields: {ChargeOver_Id__c: customer_id, LastName: company}
"""


def test_a_mapping_of_an_object_that_is_loaded_already_is_brought_to_where_the_others_are(world, live, tick):
    loaded = live.definitions()
    live.folder.joinpath("people.yaml").write_text(PEOPLE)
    assert tick(loaded) == "people: there are no assets of it yet; reload the definitions"

    (request,) = asked = tick()
    assert (request.job_name, request.tags["why"]) == ("sync", "mapping added or right again: people")
    start(live, asked)
    assert len(world.rows("Contact")) == 2
    assert tick() == "no mapping was edited"


def test_what_changed_while_a_mapping_was_broken_comes_once_it_is_right_again(world, live, tick):
    people = live.folder / "people.yaml"
    people.write_text(PEOPLE)
    start(live, tick())
    people.write_text(PEOPLE.replace("LastName: company", "LastName: compny"))
    assert tick() == "no mapping was edited"
    world.create("customer", company="Meanwhile")
    world.chargeover("clock", {"advance_seconds": 5})
    assert live.run(*CUSTOMERS).success
    assert len(world.rows("Account")) == 3
    people.write_text(PEOPLE)

    start(live, tick())
    assert [row["LastName"] for row in world.rows("Contact").values()] == ["Acme", "Acme", "Meanwhile"]
    assert tick() == "no mapping was edited"


def test_a_resync_leaves_the_old_rows_of_other_mappings_of_the_object_as_they_are(world, live, tick):
    people = live.folder / "people.yaml"
    people.write_text(PEOPLE)
    start(live, tick())
    people.write_text(PEOPLE.replace("company}", "{from: company, max: 2, too_long: cut}}"))
    assert "is broken" not in live.spec("mapped/people").description
    live.edit("customers", tax, cut)

    (request,) = asked = tick()
    start(live, asked)

    assert request.tags["why"] == "mapping edited: customers"
    assert tax_ids(world) == ["12", "123"]
    assert [row["LastName"] for row in world.rows("Contact").values()] == ["Acme", "Acme"]

"""A form reads what the catalogue charges on the day; nobody types a price into a form."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from barnet.catalogue.models import Fee
from portal.cases.models import Case
from portal.smartforms.definition.reading import read
from portal.smartforms.evaluating import Facts, walk
from portal.smartforms.fees import fees_on
from portal.smartforms.models import Submission
from portal.smartforms.proving.gate import prove
from portal.smartforms.proving.structure import findings
from portal.smartforms.publishing import UnprovenFormError, import_form
from tests.factories import ServiceFactory
from tests.portal.smartforms.running.conftest import Hand

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
BENEFIT = {"about": "benefit", "one_of": ["yes"]}
SWIM = {
    "key": "charge",
    "kind": "fee",
    "label": "What it costs",
    "about": "pool",
    "per": "visits",
    "shown": True,
    "fees": [{"fee": "swim", "concession": "support", "when": BENEFIT}, {"fee": "swim"}],
}
FORM = {
    "slug": "swim",
    "title": "Swim",
    "summary": "In the pool.",
    "service": "pool",
    "steps": [
        {
            "key": "what",
            "title": "What",
            "questions": [
                {"key": "visits", "kind": "number", "label": "How often?", "least": 1, "most": 10},
                {"key": "benefit", "kind": "yes_no", "label": "Do you get a benefit?"},
            ],
        }
    ],
    "calculations": [SWIM],
    "outcomes": [{"key": "sent", "title": "See you"}],
    "destinations": [{"service": "pool", "case_title": "Swim"}],
}


def charge(pool, pence, concession="standard", from_on=TODAY, to_on=None):
    return Fee.objects.create(
        service=pool, code="swim", label="Swim", concession=concession, amount=pence, from_on=from_on, to_on=to_on
    )


@pytest.fixture
def pool():
    pool = ServiceFactory(slug="pool")
    charge(pool, 520)
    charge(pool, 260, "support")
    return pool


@pytest.fixture
def hand(pool, client):
    import_form(FORM, by=None)
    hand = Hand(client, "swim")
    hand.start()
    return hand


def price(page):
    return next(row.words for part in page.context["steps"] for row in part.rows if row.label == "What it costs")


def test_the_page_of_answers_and_the_case_say_what_it_costs_today(hand):
    hand.answer("what", {"visits": "3", "benefit": "no"}, "check")
    page = hand.client.get(hand.check_url)
    assert price(page) == "£15.60"
    assert page.text.count("Change<") == 2, "a price is not changed by hand"
    hand.client.post(hand.check_url)
    submission = Submission.objects.get()
    assert Decimal(submission.calculated["charge"]) == Decimal("15.6")
    assert Decimal(submission.facts["fees"]["pool/swim/standard"]) == Decimal("5.2")
    assert ["What it costs", "£15.60"] in [list(row) for row in Case.objects.get().details]


def test_a_new_price_counts_from_its_day_without_a_new_form(hand, pool):
    Fee.objects.filter(concession="standard").update(from_on=TODAY - dt.timedelta(days=9), to_on=TODAY)
    charge(pool, 700, from_on=TODAY + dt.timedelta(days=1))
    definition = read(FORM)
    for day, pounds in ((TODAY, "10.4"), (TODAY + dt.timedelta(days=1), "14")):
        facts = Facts(day, fees=fees_on(definition, day))
        found = walk(definition, {"visits": Decimal(2), "benefit": "no"}, facts, seen=["what"])
        assert found.values["charge"] == Decimal(pounds)


def test_the_row_that_holds_decides_and_nothing_is_free(hand):
    hand.answer("what", {"visits": "2", "benefit": "yes"}, "check")
    assert price(hand.client.get(hand.check_url)) == "£5.20"
    Fee.objects.filter(concession="support").update(amount=0)
    assert price(hand.client.get(hand.check_url)) == "Free"


def test_a_fee_that_ended_is_not_told_as_nothing(hand):
    Fee.objects.all().delete()
    hand.answer("what", {"visits": "2", "benefit": "no"}, "check")
    assert price(hand.client.get(hand.check_url)) == "We tell you the price before you pay"
    assert hand.client.post(hand.check_url).status_code == 302


def test_a_form_with_fees_asks_the_catalogue_once_and_others_never(hand, django_assert_num_queries):
    with django_assert_num_queries(1):
        fees_on(read(FORM), TODAY)
    with django_assert_num_queries(0):
        fees_on(read({**FORM, "calculations": []}), TODAY)


def test_a_fee_that_the_catalogue_does_not_have_is_refused(pool):
    wrong = {**SWIM, "fees": [{"fee": "sauna"}, {"fee": "swim", "concession": "older"}]}
    with pytest.raises(UnprovenFormError) as refused:
        import_form({**FORM, "calculations": [wrong]}, by=None)
    assert [str(finding) for finding in refused.value.findings] == [
        "form.calculations[0].fees[0].fee: The service pool has no fee sauna today for standard.",
        "form.calculations[0].fees[1].fee: The service pool has no fee swim today for older.",
    ]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"fees": []}, "form.calculations[0].fees"),
        ({"per": "benefit"}, "form.calculations[0].per"),
        ({"per": "nothing"}, "form.calculations[0].per"),
        ({"label": ""}, "form.calculations[0].label"),
    ],
)
def test_what_is_wrong_with_a_fee_is_told_with_its_place(more, place):
    assert place in {finding.place for finding in findings(read({**FORM, "calculations": [{**SWIM, **more}]}))}


def test_rules_may_ask_a_fee_and_the_proof_takes_any_amount_of_it():
    dear = {"about": "charge", "more_than": 20}
    form = {**FORM, "outcomes": [{"key": "dear", "title": "Dear", "when": dear}, {"key": "sent", "title": "Sent"}]}
    proof = prove(read(form), TODAY)
    assert proof.holds
    assert {path.outcome for path in proof.paths} == {"dear", "sent"}
    only = prove(read({**FORM, "outcomes": [{"key": "dear", "title": "Dear", "when": dear}]}), TODAY)
    assert [finding.place for finding in only.findings] == ["form.outcomes"]
    below = {"about": "charge", "less_than": 0}
    never = prove(
        read({**form, "outcomes": [{"key": "owed", "title": "A", "when": below}, form["outcomes"][1]]}), TODAY
    )
    assert [finding.place for finding in never.findings] == ["form.outcomes[0]"]
    priced = [{"key": "known", "title": "A", "when": {"about": "charge", "at_least": 0}}]
    gap = prove(read({**form, "outcomes": priced}), TODAY)
    assert gap.findings[0].place == "form.outcomes", "the council may stop to charge: then nothing is known"


def test_what_tells_of_an_answer_of_special_category_does_not_stand_in_the_case(pool, client):
    questions = FORM["steps"][0]["questions"]
    special = {**questions[1], "data_class": "special", "why": "You pay less."}
    form = {**FORM, "steps": [{**FORM["steps"][0], "questions": [questions[0], special]}]}
    import_form(form, by=None)
    hand = Hand(client, "swim")
    hand.start()
    hand.answer("what", {"visits": "2", "benefit": "yes"}, "check")
    assert price(hand.client.get(hand.check_url)) == "£5.20"
    hand.client.post(hand.check_url)
    assert [label for label, _words in Case.objects.get().details] == ["How often?"]

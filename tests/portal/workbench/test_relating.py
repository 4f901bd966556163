import pytest

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.services import add_note, receive_case
from tests import factories
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def caras_case(cara, service) -> Case:
    return receive_case(
        service, actor=Actor.online(cara.user, cara), submission_key="cara-1", title="Bin not emptied", customer=cara
    ).case


def do(client, case, act: str, **answers):
    address = f"/staff/cases/{case.reference}/{act}/"
    return client.post(address, form_of(client, address) | answers, follow=True).content.decode()


def test_related_put_together_and_taken_apart(as_dev, ashas_case, caras_case):
    assert "Linked." in do(as_dev, caras_case, "relate", reference=ashas_case.reference.lower())
    assert "Related requests" in as_dev.get(f"/staff/cases/{ashas_case.reference}/").content.decode()
    assert "The link is gone." in do(as_dev, ashas_case, "unrelate", other=caras_case.reference)
    assert "Put together." in do(as_dev, caras_case, "merge", reference=ashas_case.reference)
    page = as_dev.get(f"/staff/cases/{caras_case.reference}/").content.decode()
    assert "Dealt with as" in page
    assert "It is no duplicate after all" in page
    assert "Taken apart." in do(as_dev, caras_case, "part")
    caras_case.refresh_from_db()
    assert caras_case.state == CaseState.RECEIVED


def test_a_part_is_made_and_linked(as_dev, ashas_case):
    service = factories.ServiceFactory(slug="graffiti", name="Graffiti")
    page = do(as_dev, ashas_case, "split", service=service.pk, title="Paint on the wall", text="")
    assert Case.objects.get(service=service).reference in page


@pytest.mark.parametrize("reference", ["", "x", "BAR-7K3M-29QD"])
@pytest.mark.parametrize("act", ["relate", "merge"])
def test_a_reference_of_nothing_is_refused_and_kept(as_dev, ashas_case, act, reference):
    page = do(as_dev, ashas_case, act, reference=reference)
    assert "There is a problem" in page
    assert reference in page


def test_a_mention_is_counted_listed_and_seen(as_dev, client, dev, ashas_case):
    eve = factories.StaffFactory(email="eve@example.com", roles=["caseworker"])
    add_note(ashas_case, actor=Actor.staff(eve), text="@dev, please look")
    assert as_dev.get("/staff/").context["tiles"][-1][1] == 1
    assert "@dev, please look" in as_dev.get("/staff/mentions/").content.decode()
    as_dev.get(f"/staff/cases/{ashas_case.reference}/")
    assert as_dev.get("/staff/").context["tiles"][-1][1] == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_mentions_costs_the_same_queries(as_dev, dev, ashas_case, count, django_assert_num_queries):
    eve = factories.StaffFactory(email="eve@example.com", roles=["caseworker"])
    for number in range(count):
        add_note(ashas_case, actor=Actor.staff(eve), text=f"@dev, {number}")
    as_dev.get("/staff/mentions/")
    with django_assert_num_queries(7):
        as_dev.get("/staff/mentions/")


# --- Erasing ----------------------------------------------------------------------------------------------------------


def test_nothing_is_erased_before_somebody_saw_in_how_many_places(signed_in, ashas_case, dev):
    add_note(ashas_case, actor=Actor.staff(dev), text="Aunt Maud is ill")
    lead = signed_in("team_lead")
    page = do(lead, ashas_case, "erase", words="aunt maud", why="By mistake")
    assert "They stand in 1 place." in page
    assert "By mistake" in page
    assert ashas_case.timeline.filter(internal_text="Aunt Maud is ill").exists()
    page = do(lead, ashas_case, "erase", words="aunt maud", why="By mistake", is_sure="on")
    assert "Erased." in page
    assert "Maud" not in page


def test_words_that_stand_nowhere_are_said(signed_in, ashas_case):
    page = do(signed_in("team_lead"), ashas_case, "erase", words="never written", why="By mistake")
    assert "These words stand nowhere" in page


@pytest.mark.parametrize(("role", "status"), [("caseworker", 403), ("operative", 403), ("data_guardian", 200)])
def test_only_who_may_erase_does(signed_in, ashas_case, role, status):
    assert signed_in(role).get(f"/staff/cases/{ashas_case.reference}/erase/").status_code == status


# --- What may be the same ---------------------------------------------------------------------------------------------


@pytest.fixture
def beside(ashas_case, service) -> Case:
    """Another request at the same place."""
    return factories.CaseFactory(service=service, address=ashas_case.address, title="The bin again")


def page_of(client, case) -> str:
    return client.get(f"/staff/cases/{case.reference}/").content.decode()


def test_what_may_be_the_same_is_shown_with_ways_to_settle_it(as_dev, dev, ashas_case, beside):
    page = page_of(as_dev, ashas_case)
    for expected in ("May be the same", beside.reference, "The bin again", "0 metres away", "0\xa0minutes old"):
        assert expected in page, expected
    for act in ("merge", "relate", "not-the-same"):
        assert f"/staff/cases/{ashas_case.reference}/{act}/?other={beside.reference}" in page
    assert AccessRecord.objects.filter(actor=dev, customer=beside.customer, purpose="may be the same request").exists()


def test_the_other_is_looked_at_before_they_are_put_together(as_dev, ashas_case, beside):
    address = f"/staff/cases/{ashas_case.reference}/merge/?other={beside.reference}"
    shown = as_dev.get(address)
    page = shown.content.decode()
    assert "The other request" in page
    assert "The bin again" in page
    assert "1 person who reported it is told" in page
    assert shown.context["form"]["reference"].value() == beside.reference
    ashas_case.refresh_from_db()
    assert ashas_case.is_open  # nothing is done by looking
    assert "Put together." in as_dev.post(address, form_of(as_dev, address), follow=True).content.decode()
    ashas_case.refresh_from_db()
    assert ashas_case.outcome == "duplicate"


@pytest.mark.parametrize("other", ["", "x", "BAR-7K3M-29QD"])
def test_an_other_that_is_nothing_shows_the_empty_form(as_dev, ashas_case, other):
    shown = as_dev.get(f"/staff/cases/{ashas_case.reference}/merge/", {"other": other})
    assert (shown.status_code, shown.context["form"]["reference"].value()) == (200, None)


def test_not_the_same_is_kept_for_both(as_dev, ashas_case, beside):
    assert "Noted." in do(as_dev, ashas_case, "not-the-same", reference=beside.reference)
    assert "Noted." in do(as_dev, ashas_case, "not-the-same", reference=beside.reference)
    for case in (ashas_case, beside):
        assert "May be the same" not in page_of(as_dev, case)


def test_who_may_not_put_together_is_not_led_there(signed_in, ashas_case, beside):
    operative = signed_in("operative")
    page = page_of(operative, ashas_case)
    assert "not-the-same" in page
    assert f"/merge/?other={beside.reference}" not in page
    assert operative.get(f"/staff/cases/{ashas_case.reference}/merge/?other={beside.reference}").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_one_suggestion_and_three(
    as_dev, ashas_case, service, count, django_assert_num_queries
):
    for _number in range(count):
        factories.CaseFactory(service=service, address=ashas_case.address)
    page_of(as_dev, ashas_case)
    with django_assert_num_queries(25):
        page_of(as_dev, ashas_case)

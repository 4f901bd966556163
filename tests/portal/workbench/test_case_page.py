import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from barnet.notifications.models import Message
from portal.cases.enums import CaseState
from portal.cases.models import Case, Contact
from portal.cases.services import add_note, ask_customer, assign_case, attach_photo, resolve_case, withdraw_case
from tests import factories
from tests.portal.cases.conftest import make_photo, photo_file
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_dev(dev):
    return Actor.staff(dev)


def address_of(case: Case, act: str = "") -> str:
    return f"/staff/cases/{case.reference}/" + (f"{act}/" if act else "")


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_the_page_holds_everything_about_a_request(as_dev, ashas_case, asha, by_dev):
    asha.phone = "020 7946 0123"
    asha.save()
    other = factories.CaseFactory(address=ashas_case.address, title="Spilled glass")
    add_note(ashas_case, actor=by_dev, text="Mind the dog")
    page = as_dev.get(address_of(ashas_case)).content.decode()
    for expected in (
        ashas_case.reference,
        "Recycling",
        asha.name,
        "asha@example.com",
        "020 7946 0123",
        ashas_case.place,
        "<svg",
        "Mind the dog",
        "We have your request.",
        other.reference,
        "Owner of the service",
    ):
        assert expected in page, expected


def test_opening_a_request_is_recorded(as_dev, ashas_case, asha, dev):
    as_dev.get(address_of(ashas_case))
    record = AccessRecord.objects.get()
    assert (record.actor, record.customer, record.purpose) == (dev, asha, "casework")


def test_a_late_request_says_so(as_dev, ashas_case):
    Case.objects.filter(pk=ashas_case.pk).update(promise_on="2020-01-01")
    assert ">Late<" in as_dev.get(address_of(ashas_case)).content.decode().replace("\n", "")


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_costs_the_same_queries_however_much_happened(
    as_dev, ashas_case, by_dev, count, django_assert_num_queries
):
    for number in range(count):
        add_note(ashas_case, actor=by_dev, text=f"Note {number}")
        factories.CaseFactory(address=ashas_case.address)
        factories.AddressFactory()
    as_dev.get(address_of(ashas_case))
    with django_assert_num_queries(PAGE_QUERIES):
        as_dev.get(address_of(ashas_case))


PAGE_QUERIES = 24


def test_an_operative_works_without_seeing_who_asked(signed_in, ashas_case):
    page = signed_in("operative").get(address_of(ashas_case)).content.decode()
    assert "Asha" not in page
    assert "asha@example.com" not in page
    assert ashas_case.place in page


def test_versions_are_for_those_with_the_right(signed_in, ashas_case, by_dev, team):
    assign_case(ashas_case, actor=by_dev, team=team)
    page = signed_in("team_lead").get(address_of(ashas_case, "versions")).content.decode()
    assert team.name in page
    assert "In progress" in page


def test_versions_are_closed_to_a_caseworker(as_dev, ashas_case):
    assert as_dev.get(address_of(ashas_case, "versions")).status_code == 403
    assert "versions/" not in as_dev.get(address_of(ashas_case)).content.decode()


@pytest.mark.parametrize("reference", ["BAR-0000-0000", "x", "BAR-7K3M-29QD", "%00", "é" * 300])
def test_what_is_no_request_is_not_found(as_dev, reference):
    assert as_dev.get(f"/staff/cases/{reference}/").status_code in {400, 404}


def test_a_reference_as_people_type_it_leads_to_the_page(as_dev, ashas_case):
    response = as_dev.get(f"/staff/cases/{ashas_case.reference.lower()}/")
    assert response.status_code == 302
    assert response["Location"] == address_of(ashas_case)


def test_what_a_customer_wrote_is_never_markup(as_dev, ashas_case):
    Case.objects.filter(pk=ashas_case.pk).update(
        title="<script>alert(1)</script>", details=[["<b>x</b>", "<img src=x onerror=alert(1)>"]]
    )
    page = as_dev.get(address_of(ashas_case)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_request_without_place_customer_or_history_is_shown(as_dev):
    case = factories.CaseFactory(customer=None, address=None, location=None)
    page = as_dev.get(address_of(case)).content.decode()
    assert "No place was given." in page
    assert "Nothing is recorded." in page


# --- Acting -----------------------------------------------------------------------------------------------------------


def test_give_resolve_and_open_again(as_dev, ashas_case, dev, team):
    answers = form_of(as_dev, address_of(ashas_case, "assign"))
    as_dev.post(address_of(ashas_case, "assign"), answers | {"given_to": f"{team.pk}:{dev.pk}", "note": "Soon"})
    ashas_case.refresh_from_db()
    assert (ashas_case.team, ashas_case.assignee) == (team, dev)

    answers = form_of(as_dev, address_of(ashas_case, "resolve"))
    answers |= {"outcome": "done", "public_reason": "", "photo": photo_file()}
    response = as_dev.post(address_of(ashas_case, "resolve"), answers, follow=True)
    assert "Resolved. The customer is told now." in response.content.decode()
    ashas_case.refresh_from_db()
    assert ashas_case.public_reason == "We have done what you asked for."
    assert ashas_case.attachments.get().is_public
    assert Message.objects.filter(template_key="case-resolved", about=ashas_case.reference).exists()

    answers = form_of(as_dev, address_of(ashas_case, "reopen")) | {"why": "Still full", "channel": "phone"}
    as_dev.post(address_of(ashas_case, "reopen"), answers)
    ashas_case.refresh_from_db()
    assert ashas_case.state == CaseState.ASSIGNED
    assert Contact.objects.filter(case=ashas_case, channel="phone", actor=dev, subject=ashas_case.customer).exists()


def test_ask_and_record_the_answer(as_dev, ashas_case, dev):
    answers = form_of(as_dev, address_of(ashas_case, "ask")) | {"question": "Which gate?"}
    as_dev.post(address_of(ashas_case, "ask"), answers)
    assert "Which gate?" in as_dev.get(address_of(ashas_case)).content.decode()
    answers = form_of(as_dev, address_of(ashas_case, "answer")) | {"answer": "The green one", "channel": "phone"}
    as_dev.post(address_of(ashas_case, "answer"), answers)
    ashas_case.refresh_from_db()
    assert ashas_case.state == CaseState.RECEIVED


def test_ask_and_go_on_without_an_answer(as_dev, ashas_case, by_dev):
    ask_customer(ashas_case, actor=by_dev, question="Which gate?")
    as_dev.post(address_of(ashas_case, "resume"), form_of(as_dev, address_of(ashas_case, "resume")))
    ashas_case.refresh_from_db()
    assert ashas_case.state == CaseState.RECEIVED


def test_withdraw_for_the_customer(as_dev, ashas_case):
    answers = form_of(as_dev, address_of(ashas_case, "withdraw")) | {"channel": "email"}
    as_dev.post(address_of(ashas_case, "withdraw"), answers)
    ashas_case.refresh_from_db()
    assert ashas_case.state == CaseState.WITHDRAWN


def test_note_and_photo(as_dev, ashas_case):
    as_dev.post(address_of(ashas_case, "note"), form_of(as_dev, address_of(ashas_case, "note")) | {"text": "Dog!"})
    answers = form_of(as_dev, address_of(ashas_case, "photo")) | {"photo": photo_file(), "caption": "The gate"}
    as_dev.post(address_of(ashas_case, "photo"), answers)
    page = as_dev.get(address_of(ashas_case)).content.decode()
    assert "Dog!" in page
    assert "The gate" in page
    assert "for staff only" in page  # unless it was ticked that the customer may see it


def test_a_form_that_is_sent_twice_does_it_once(as_dev, ashas_case):
    answers = form_of(as_dev, address_of(ashas_case, "resolve")) | {"outcome": "done"}
    for _click in range(2):
        assert as_dev.post(address_of(ashas_case, "resolve"), answers).status_code == 302
    assert ashas_case.timeline.filter(kind="resolved").count() == 1


def test_what_was_decided_on_an_old_version_is_refused_with_both_texts(as_dev, ashas_case, by_dev, team):
    answers = form_of(as_dev, address_of(ashas_case, "resolve"))
    eva = Actor.staff(factories.StaffFactory(first_name="Eva"))
    assign_case(ashas_case, actor=eva, team=team, note="I ring them first")

    answers |= {"outcome": "done", "public_reason": "My own words"}
    response = as_dev.post(address_of(ashas_case, "resolve"), answers)
    page = response.content.decode()
    assert response.status_code == 409
    assert "I ring them first" in page
    assert "Eva" in page
    assert "My own words" in page
    ashas_case.refresh_from_db()
    assert ashas_case.state == CaseState.ASSIGNED

    again = {bound.html_name: bound.value() for bound in response.context["form"] if bound.value()}
    assert as_dev.post(address_of(ashas_case, "resolve"), again).status_code == 302
    ashas_case.refresh_from_db()
    assert ashas_case.public_reason == "My own words"


def test_an_act_that_has_become_impossible_keeps_what_was_written(as_dev, ashas_case, by_dev):
    answers = form_of(as_dev, address_of(ashas_case, "ask")) | {"question": "A long careful question?"}
    withdraw_case(ashas_case, actor=by_dev)
    response = as_dev.post(address_of(ashas_case, "ask"), answers)
    assert response.status_code == 409
    assert "A long careful question?" in response.content.decode()


def test_an_act_opened_when_it_is_impossible_says_so(as_dev, ashas_case, by_dev):
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    assert "cannot be done now" in as_dev.get(address_of(ashas_case, "ask")).content.decode()


@pytest.mark.parametrize(
    ("act", "missing"),
    [
        ("assign", "Choose a team or a person."),
        ("resolve", "Choose how it ended."),
        ("ask", "Write the question."),
        ("hold", "Write what we wait for."),
        ("delay", "Enter the day on which you expect to be done."),
        ("recategorise", "Choose the service."),
        ("note", "Write the note."),
        ("photo", "Choose a photo."),
        ("withdraw", "Choose how they told us."),
    ],
)
def test_a_form_without_its_answer_says_what_to_do(as_dev, ashas_case, team, act, missing):
    response = as_dev.post(address_of(ashas_case, act), form_of(as_dev, address_of(ashas_case, act)))
    page = response.content.decode()
    assert missing in page
    assert "<title>Error: " in page


@pytest.mark.parametrize("forged", [{}, {"version": "x"}, {"version": "-1"}, {"version": "9" * 40}])
def test_a_form_without_what_the_person_saw_is_refused(as_dev, ashas_case, forged):
    response = as_dev.post(address_of(ashas_case, "resolve"), {"outcome": "done", **forged})
    assert "The form was incomplete" in response.content.decode()
    ashas_case.refresh_from_db()
    assert ashas_case.state == CaseState.RECEIVED


def test_an_outcome_of_another_service_is_refused(as_dev, ashas_case):
    answers = form_of(as_dev, address_of(ashas_case, "resolve")) | {"outcome": "forged", "public_reason": "Words"}
    page = as_dev.post(address_of(ashas_case, "resolve"), answers).content.decode()
    assert "There is a problem" in page
    assert "Words" in page


def test_a_file_that_is_no_photo_is_refused_with_a_sentence(as_dev, ashas_case):
    file = photo_file()
    file.file.seek(0)
    file.file.truncate()
    file.file.write(b"MZ this is a program")
    file.size = 20
    file.seek(0)
    answers = form_of(as_dev, address_of(ashas_case, "photo")) | {"photo": file}
    assert "There is a problem" in as_dev.post(address_of(ashas_case, "photo"), answers).content.decode()
    assert not ashas_case.attachments.exists()


def test_too_long_a_text_is_refused_and_kept(as_dev, ashas_case):
    text = "x" * 1001
    answers = form_of(as_dev, address_of(ashas_case, "note")) | {"text": text}
    page = as_dev.post(address_of(ashas_case, "note"), answers).content.decode()
    assert "Use 1,000 characters or fewer. You have used 1001." in page
    assert text in page


def test_promise_follows_what_is_said_of_it(as_dev, ashas_case, client, asha):
    lights = factories.ServiceFactory(slug="street-lights", name="Street lights", standard_working_days=90)
    factories.ServiceFactory(slug="missed-bin", name="Missed bin, with records of its own")

    moving = as_dev.get(address_of(ashas_case, "recategorise")).content.decode()
    assert "Street lights" in moving
    assert "records of its own" not in moving
    as_dev.post(
        address_of(ashas_case, "recategorise"),
        form_of(as_dev, address_of(ashas_case, "recategorise")) | {"service": lights.pk},
    )
    far = timezone.localdate() + dt.timedelta(days=300)
    answers = {
        "expected_on_day": far.day,
        "expected_on_month": far.month,
        "expected_on_year": far.year,
        "reason": "No lamps.",
    }
    as_dev.post(address_of(ashas_case, "delay"), form_of(as_dev, address_of(ashas_case, "delay")) | answers)
    ashas_case.refresh_from_db()
    assert (ashas_case.service, ashas_case.expected_on) == (lights, far)

    as_dev.post(
        address_of(ashas_case, "hold"), form_of(as_dev, address_of(ashas_case, "hold")) | {"reason": "The road is up."}
    )
    page = as_dev.get(address_of(ashas_case)).content.decode()
    assert "stands still" in page
    client.force_login(asha.user)
    hers = client.get(ashas_case.get_absolute_url()).content.decode()
    assert "The road is up." in hers
    assert "stands still" in hers


def test_an_act_nobody_knows_is_not_found(as_dev, ashas_case):
    assert as_dev.get(address_of(ashas_case, "explode")).status_code == 404
    assert as_dev.delete(address_of(ashas_case, "note")).status_code == 405


# --- Who may what -----------------------------------------------------------------------------------------------------

EVERYBODYS_ACTS = (
    "take",
    "assign",
    "resolve",
    "ask",
    "hold",
    "delay",
    "recategorise",
    "urgency",
    "note",
    "photo",
    "withdraw",
)
MAY = {
    "adviser": set(EVERYBODYS_ACTS),
    "caseworker": set(EVERYBODYS_ACTS),
    "team_lead": set(EVERYBODYS_ACTS),
    "operative": set(EVERYBODYS_ACTS) - {"assign", "recategorise"},
    "librarian": {"withdraw"},
    "data_guardian": set(),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_sees_and_opens_its_acts_and_no_others(signed_in, ashas_case, team, role):
    client = signed_in(role)
    page = client.get(address_of(ashas_case)).content.decode()
    for act in EVERYBODYS_ACTS:
        is_shown = f'="{address_of(ashas_case, act)}"' in page
        assert is_shown == (act in MAY[role]), act
        assert client.get(address_of(ashas_case, act)).status_code == (200 if act in MAY[role] else 403), act
        assert client.post(address_of(ashas_case, act), {}).status_code == (200 if act in MAY[role] else 403), act


def test_residents_find_no_staff_page_even_of_their_own_request(client, asha, ashas_case):
    client.force_login(asha.user)
    for act in ("", "resolve", "versions"):
        assert client.get(address_of(ashas_case, act)).status_code == 404


def test_photos_stand_on_the_page_behind_their_door(as_dev, ashas_case, by_dev):
    photo = attach_photo(ashas_case, actor=by_dev, photo=make_photo())
    assert f'src="/requests/photos/{photo.pk}/"' in as_dev.get(address_of(ashas_case)).content.decode()
    assert as_dev.get(f"/requests/photos/{photo.pk}/").status_code == 200

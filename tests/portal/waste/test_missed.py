"""The report of a missed bin through its pages, as people and as attackers use them. 6 July 2026 is a Monday."""

import datetime as dt
import threading

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel, Right
from barnet.notifications.models import Message
from portal.cases.models import Attachment, Case, Contact, Follower
from portal.cases.services import resolve_case
from portal.waste import browser, selectors
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import DraftPhoto, MissedBin
from tests.factories import AddressFactory, CustomerFactory, DelegationFactory, ServiceFactory, StaffFactory
from tests.people import PortalClient
from tests.portal.waste.factories import CrewLogEntryFactory, equip
from tests.portal.waste.photos import photo

pytestmark = pytest.mark.django_db
ANSWERS = {
    "name": "Pat Example",
    "email": "pat@example.com",
    "phone": "020 7946 0123",
    "note": "By the gate",
    "photo": "",
}


@pytest.fixture(autouse=True)
def _tuesday(at):
    at(2026, 7, 7, 9)


def url(step, home):
    return reverse(f"missed_bin_{step}", args=[home.pk])


def typed(response):
    """What the form of a page holds, as a browser would send it."""
    form = BeautifulSoup(response.content, "html.parser").select_one("main form[method=post]")
    held = {}
    for field in form.select("input, textarea"):
        if field.get("type") in {"file", "checkbox"}:
            continue
        value = field.text.lstrip("\n") if field.name == "textarea" else field.get("value", "")
        held.setdefault(field["name"], []).append(value)
    return held


def tell(client, home, *bins, **answers):
    """Opens the question page and sends it."""
    page = client.get(url("tell", home), {"bin": [bin_.pk for bin_ in bins]})
    assert page.status_code == 200
    return client.post(url("tell", home), {**typed(page), **ANSWERS, **answers})


def check(client, home, *bins, **answers):
    """As far as "check your answers": the page."""
    response = tell(client, home, *bins, **answers)
    assert response.status_code == 302, response.text
    return client.get(response.url)


def send(client, home, *bins, **answers):
    return client.post(url("check", home), typed(check(client, home, *bins, **answers)))


def done(response, client):
    assert response.status_code == 302, response.text
    return client.get(response.url)


# --- The way through --------------------------------------------------------------------------------------------------


def test_visitor_reports_and_is_told(client, home, black_bin):
    choose = client.get(url("choose", home))
    assert "We should have emptied it on Monday 6 July 2026" in choose.text
    page = check(client, home, black_bin)
    for said in ("Pat Example", "pat@example.com", "020 7946 0123", "By the gate", "Refuse: Black 240 litre"):
        assert said in page.text
    assert not Case.objects.exists()
    confirmation = done(client.post(url("check", home), typed(page)), client)
    case = Case.objects.get()
    assert case.reference in confirmation.text
    assert "9 July 2026" in confirmation.text
    assert (case.contact_name, case.contact_email, case.contact_phone) == tuple(ANSWERS.values())[:3]
    assert (case.customer, case.channel) == (None, Channel.WEB)
    assert MissedBin.objects.get().container == black_bin
    assert Message.objects.get(address="pat@example.com").about == case.reference
    assert Contact.objects.get().case == case


def test_visitor_without_email_is_told_what_that_means(client, home, black_bin):
    question = client.get(url("tell", home), {"bin": black_bin.pk})
    assert "Without it, you have to contact us to find out." in question.text
    confirmation = done(send(client, home, black_bin, name="", email="", phone="", note=""), client)
    assert "Write the reference down" in confirmation.text
    assert not Message.objects.exists()


def test_two_bins_are_two_cases_with_two_references(client, home, black_bin):
    food = equip(home, stream="food")
    confirmation = done(send(client, home, black_bin, food), client)
    assert Case.objects.count() == 2
    assert all(case.reference in confirmation.text for case in Case.objects.all())


def test_resident_finds_their_details_filled_in_and_the_case_is_theirs(client, home, black_bin, asha):
    client.force_login(asha.user)
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    held = typed(page)
    assert (held["name"], held["email"]) == (["Asha Owner"], ["asha@example.com"])
    client.post(url("check", home), typed(client.get(client.post(url("tell", home), held).url)))
    case = Case.objects.get()
    assert case.customer == asha
    entry = case.timeline.get()
    assert (entry.actor, entry.subject, entry.right) == (asha.user, asha, Right.SELF)


def test_delegate_reports_for_the_one_who_gave_authority(client, home, black_bin, asha, ben):
    client.force_login(ben.user)
    session = client.session
    session["acting_for"] = asha.pk
    session.save()
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    assert "You report this for Asha Owner." in page.text
    done(send(client, home, black_bin), client)
    entry = Case.objects.get().timeline.get()
    assert (entry.actor, entry.subject, entry.right) == (ben.user, asha, Right.DELEGATE)


def test_authority_for_another_service_does_not_reach_a_missed_bin(client, home, black_bin, asha, cara):
    other = ServiceFactory(slug="council-tax", name="Council tax")
    DelegationFactory(principal=asha, delegate=cara, service=other)
    client.force_login(cara.user)
    session = client.session
    session["acting_for"] = asha.pk
    session.save()
    assert client.get(url("tell", home), {"bin": black_bin.pk}).status_code == 403
    assert client.post(url("check", home), {}).status_code == 403


def test_staff_report_for_a_caller(client, home, black_bin):
    adviser = StaffFactory(roles=["adviser"])
    caller = CustomerFactory(user=None, name="Mr Caller", email="caller@example.com", phone="020 7946 0199")
    client.force_login(adviser)
    session = client.session
    session["serving"] = {"customer": caller.pk, "channel": "phone"}
    session.save()
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    assert "These are the details of Mr Caller" in page.text
    assert typed(page)["email"] == ["caller@example.com"]
    confirmation = done(
        client.post(url("check", home), typed(client.get(client.post(url("tell", home), typed(page)).url))), client
    )
    assert "Read the reference to the customer." in confirmation.text
    case = Case.objects.get()
    assert (case.customer, case.channel) == (caller, Channel.PHONE)
    entry = case.timeline.get()
    assert (entry.actor, entry.right, entry.channel) == (adviser, Right.STAFF, Channel.PHONE)


def test_second_reporter_joins_and_learns_nothing_of_the_first(client, home, black_bin):
    send(client, home, black_bin)
    second = PortalClient()
    choose = second.get(url("choose", home))
    assert "Somebody reported this bin" in choose.text
    assert "Pat" not in choose.text
    confirmation = done(send(second, home, black_bin, name="Sam", email="sam@example.com"), second)
    assert "This bin had already been reported." in confirmation.text
    assert "Pat" not in confirmation.text
    assert Case.objects.count() == 1
    assert Follower.objects.get().email == "sam@example.com"


# --- What the rules say -----------------------------------------------------------------------------------------------


def test_bin_that_the_crew_could_not_empty_is_explained_and_cannot_be_chosen(client, home, black_bin):
    CrewLogEntryFactory(
        round=selectors.rounds_of(home)[0], address=home, on=dt.date(2026, 7, 6), outcome="contaminated"
    )
    page = client.get(url("choose", home))
    assert "held things that do not belong in it" in page.text
    assert "The next collection is on Monday 13 July 2026." in page.text
    assert 'name="bin"' not in page.text
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    assert "That bin cannot be chosen here." in page.text


def test_rules_that_change_before_sending_are_explained_and_the_answers_kept(client, home, black_bin):
    food = equip(home, stream="food")
    page = check(client, home, black_bin, food)
    tour = next(tour for tour in selectors.rounds_of(home) if tour.stream == "food")
    CrewLogEntryFactory(round=tour, address=home, on=dt.date(2026, 7, 6), outcome="not_out")
    refused = client.post(url("check", home), typed(page))
    assert refused.status_code == 200
    assert "We have not sent your report" in refused.text
    assert "The crew recorded that the bin was not out" in refused.text
    assert not Case.objects.exists()
    form = BeautifulSoup(refused.content, "html.parser").select_one("main form")
    report = form.select_one("[name=report]")["value"]
    assert [box["value"] for box in form.select("[name=bin][checked]")] == [str(black_bin.pk)]
    again = client.get(url("tell", home), {"bin": black_bin.pk, "report": report})
    assert typed(again)["note"] == ["By the gate"]


def test_home_without_bins_says_so(client, home):
    page = client.get(url("choose", home))
    assert page.status_code == 200
    assert "We have no bins of our own at this address" in page.text


# --- Mistakes ---------------------------------------------------------------------------------------------------------


def test_nothing_chosen_is_asked_again(client, home, black_bin):
    page = client.get(url("tell", home))
    assert page.status_code == 200
    assert "Choose the bin that we did not empty." in page.text
    assert "<title>Error: " in page.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "pat@"}, "Enter an e-mail address, such as name@example.com."),
        ({"email": "p" * 250 + "@example.com"}, "254"),
        ({"phone": "call me"}, "Enter a telephone number"),
        ({"name": "n" * 151}, "150"),
        ({"note": "n" * 501}, "500"),
        ({"bin": ["999999"]}, "That bin cannot be chosen here."),
        ({"bin": ["abc"]}, "That bin cannot be chosen here."),
        ({"bin": []}, "Choose the bin that we did not empty."),
        ({"kept_photo": "abc"}, "We no longer have your photo. Choose it again."),
        ({"kept_photo": "00000000-0000-4000-8000-000000000000"}, "We no longer have your photo. Choose it again."),
        ({"submission_key": "forged"}, "We could not tell whether this form was already sent."),
        ({"submission_key": ""}, "We could not tell whether this form was already sent."),
    ],
)
@pytest.mark.parametrize("step", ["tell", "check"])
def test_wrong_answer_is_named_and_the_others_stay(client, home, black_bin, wrong, sentence, step):
    held = {**typed(client.get(url("tell", home), {"bin": black_bin.pk})), **ANSWERS}
    response = client.post(url(step, home), {**held, **wrong})
    assert response.status_code == 200
    assert sentence in response.text
    assert "<title>Error: " in response.text
    assert (wrong.get("name") or "Pat Example") in response.text
    assert not Case.objects.exists()


def test_bin_of_another_home_is_refused_at_every_step(client, home, black_bin):
    strange = equip(AddressFactory())
    assert "That bin cannot be chosen here." in client.get(url("tell", home), {"bin": strange.pk}).text
    held = {**typed(check(client, home, black_bin)), "bin": [str(strange.pk)]}
    for step in ("tell", "check"):
        assert "That bin cannot be chosen here." in client.post(url(step, home), held).text
    assert not Case.objects.exists()


def test_bin_that_may_not_be_reported_is_refused_when_posted_straight(client, home, black_bin, at):
    held = typed(check(client, home, black_bin))
    at(2026, 7, 9, 0)
    assert "You could report it until the end of Wednesday 8 July 2026" in client.post(url("check", home), held).text
    assert not Case.objects.exists()


@pytest.mark.parametrize("report", ["", "x", "%00", "a" * 5000])
def test_check_page_opened_directly_leads_back_to_the_start(client, home, black_bin, report):
    response = client.get(f"{url('check', home)}?report={report}", follow=True)
    if report == "%00":
        assert response.status_code == 400
        return
    assert "We no longer have the answers that you gave." in response.text


def test_answers_given_for_one_home_do_not_show_at_another(client, home, black_bin):
    other = equip(AddressFactory()).address
    name = dict(part.split("=") for part in tell(client, home, black_bin).url.split("?")[1].split("&"))["report"]
    response = client.get(url("check", other), {"report": name})
    assert response.status_code == 302
    assert "Pat Example" not in client.get(response.url).text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("step", ["choose", "tell", "check"])
def test_wrong_method_is_refused(client, home, black_bin, method, step):
    assert getattr(client, method)(url(step, home)).status_code == 405
    assert client.post(url("choose", home)).status_code == 405


def test_null_byte_is_refused(client, home, black_bin):
    held = typed(check(client, home, black_bin))
    assert client.post(url("check", home), {**held, "note": "a\x00b"}).status_code == 400


def test_post_without_token_is_refused(home, black_bin):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url("check", home), {}).status_code == 403


def test_script_in_an_answer_is_shown_as_text(client, home, black_bin):
    page = check(client, home, black_bin, note="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


# --- Back, twice, two tabs, another session ---------------------------------------------------------------------------


def test_double_click_is_one_case_and_one_answer(client, home, black_bin):
    held = typed(check(client, home, black_bin))
    first, second = (client.post(url("check", home), held) for _ in range(2))
    assert Case.objects.count() == 1
    assert not Follower.objects.exists()
    reference = Case.objects.get().reference
    assert reference in client.get(first.url).text
    assert reference in client.get(second.url).text


def test_sent_again_days_later_from_an_old_tab_is_answered_with_the_first(client, home, black_bin, at):
    held = typed(check(client, home, black_bin))
    client.post(url("check", home), held)
    case = Case.objects.get()
    resolve_case(case, actor=Actor.system(), outcome="collected", public_reason="Done.")
    at(2026, 7, 11, 9)
    assert case.reference in done(client.post(url("check", home), held), client).text
    assert Case.objects.count() == 1


def test_back_from_check_keeps_every_answer(client, home, black_bin):
    page = check(client, home, black_bin, photo=photo())
    back = BeautifulSoup(page.content, "html.parser").select_one(".govuk-back-link")["href"]
    held = typed(client.get(back))
    assert {name: held[name][0] for name in ("name", "email", "phone", "note")} == {
        name: ANSWERS[name] for name in ("name", "email", "phone", "note")
    }
    assert held["kept_photo"] == [str(DraftPhoto.objects.get().key)]


def test_back_with_the_button_of_the_browser_keeps_every_answer(client, home, black_bin):
    check(client, home, black_bin)
    held = typed(client.get(url("tell", home), {"bin": black_bin.pk}))
    assert {name: held[name] for name in ("name", "note")} == {"name": ["Pat Example"], "note": ["By the gate"]}


def test_two_tabs_keep_apart(client, home, black_bin):
    food = equip(home, stream="food")
    first = check(client, home, black_bin, note="first tab")
    second = check(client, home, food, note="second tab")
    assert "first tab" in first.text
    assert "second tab" in second.text
    for page in (first, second):
        client.post(url("check", home), typed(page))
    notes = {missed.container: missed.case.details[-1][1] for missed in MissedBin.objects.all()}
    assert notes == {black_bin: "first tab", food: "second tab"}


def test_session_that_is_over_loses_nothing(client, home, black_bin):
    held = typed(check(client, home, black_bin))
    del client.cookies["sessionid"]
    confirmation = done(client.post(url("check", home), held), client)
    assert Case.objects.get().reference in confirmation.text


def test_session_that_is_over_at_the_question_loses_nothing(client, home, black_bin):
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    client.cookies.pop("sessionid", None)
    response = client.post(url("tell", home), {**typed(page), **ANSWERS})
    assert "By the gate" in client.get(response.url).text


def test_session_remembers_a_few_reports_only(client, home, black_bin):
    for number in range(8):
        check(client, home, black_bin, note=f"number {number}")
    kept = client.session[browser._ANSWERS]
    assert len(kept) == browser._KEPT
    assert [entry["answers"]["note"] for entry in kept.values()] == [[f"number {n}"] for n in range(3, 8)]


def test_answers_are_forgotten_when_sent(client, home, black_bin):
    send(client, home, black_bin)
    assert client.session[browser._ANSWERS] == {}


# --- The confirmation page --------------------------------------------------------------------------------------------


def test_confirmation_is_for_the_browser_that_sent_it(client, home, black_bin, asha, dev):
    response = send(client, home, black_bin)
    assert client.get(response.url).status_code == 200
    assert PortalClient().get(response.url).status_code == 404
    for user in (asha.user, dev):
        other = PortalClient()
        other.force_login(user)
        assert other.get(response.url).status_code == 404
    other = PortalClient()
    send(other, home, black_bin)
    assert other.get(response.url).status_code == 404


FORGED = signing.dumps(["", 1, [[1, "created"]], True], salt="other")


@pytest.mark.parametrize("proof", ["x", "a:b:c", FORGED], ids=["short", "shaped", "signed for something else"])
def test_forged_confirmation_is_not_found(client, home, black_bin, proof):
    send(client, home, black_bin)
    assert client.get(reverse("missed_bin_reported", args=[proof])).status_code == 404


def test_confirmation_and_questions_are_not_kept_by_the_browser(client, home, black_bin):
    response = send(client, home, black_bin)
    assert "no-store" in client.get(response.url)["Cache-Control"]
    assert "no-store" in client.get(url("tell", home), {"bin": black_bin.pk})["Cache-Control"]


# --- Photos -----------------------------------------------------------------------------------------------------------


def test_photo_reaches_the_case(client, home, black_bin):
    page = check(client, home, black_bin, photo=photo("my bin.jpg"))
    assert "my-bin.jpg" in page.text
    client.post(url("check", home), typed(page))
    attachment = Attachment.objects.get()
    assert (attachment.case, attachment.content_type) == (Case.objects.get(), "image/jpeg")


def test_photo_stays_when_another_answer_is_wrong(client, home, black_bin):
    response = tell(client, home, black_bin, photo=photo(), email="wrong")
    assert "We have your photo bin.jpg" in response.text
    held = {**typed(response), "email": "pat@example.com", "photo": ""}
    page = client.get(client.post(url("tell", home), held).url)
    client.post(url("check", home), typed(page))
    assert Attachment.objects.count() == 1


def test_photo_can_be_replaced_and_removed(client, home, black_bin):
    first = tell(client, home, black_bin, photo=photo("first.jpg"), email="wrong")
    replaced = client.post(url("tell", home), {**typed(first), **ANSWERS, "photo": photo("second.jpg", (50, 50))})
    assert "second.jpg" in client.get(replaced.url).text
    removed = client.post(url("tell", home), {**typed(first), **ANSWERS, "remove_photo": "on"})
    assert "first.jpg" not in client.get(removed.url).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The photo is empty"),
        (b"MZ not a photo", "We could not read this as a photo"),
        (b"x" * 11_000_000, "smaller"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(client, home, black_bin, content, sentence):
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = tell(client, home, black_bin, photo=SimpleUploadedFile("bin.jpg", content, "image/jpeg"))
    assert response.status_code == 200
    assert sentence in response.text
    assert "By the gate" in response.text
    assert not DraftPhoto.objects.exists()


# --- Cost, and fifty at once ------------------------------------------------------------------------------------------


def test_one_bin_and_many_cost_the_same_queries(client, home, black_bin):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("choose", home)).status_code == 200
        return len(queries)

    count()
    with_one = count()
    for stream in ("food", "recycling", "garden"):
        equip(home, stream=stream)
    assert count() == with_one <= 12


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_fifty_browsers_sending_at_once_make_one_case_and_fifty_clear_answers(transactional_db, at):
    ServiceFactory()
    ensure_reporting_rules()
    at(2026, 7, 7, 9)
    black_bin = equip(AddressFactory())
    home = black_bin.address
    people = [PortalClient() for _ in range(50)]
    forms = [typed(check(person, home, black_bin, email=f"p{n}@example.com")) for n, person in enumerate(people)]
    ready, answers = threading.Barrier(50), []

    def go(person, form):
        try:
            ready.wait(60)
            answers.append(done(person.post(url("check", home), form), person).text)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=pair) for pair in zip(people, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case = Case.objects.get()
    assert len(answers) == 50
    assert all(case.reference in answer for answer in answers)
    assert sum("This bin had already been reported." in answer for answer in answers) == 49
    assert Message.objects.filter(about=case.reference, channel="email").count() == 50

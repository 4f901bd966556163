"""What a resident sees of a request and does with it; strangers see nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnet.customers.actors import Actor
from barnet.customers.enums import Right
from barnet.customers.models import Delegation
from portal.cases import services
from portal.cases.enums import CaseState, EntryKind
from portal.cases.models import Attachment, Case, TimelineEntry
from tests import factories
from tests.portal.myaccount.conftest import photo

ACTS = ["", "answer/", "reopen/", "withdraw/", "photo/"]


def url(case, act=""):
    return f"/account/requests/{case.reference}/{act}"


def messages_of(client, answer):
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.url).content.decode()


def test_page_says_where_it_stands_what_comes_next_and_what_happened(client, asha, case):
    client.force_login(asha.user)
    page = client.get(url(case)).content.decode()
    assert "We have your request. Nobody is working on it yet." in page
    assert "We will deal with it by" in page
    assert "Blue 240 litre bin" in page
    assert "What happened so far" in page
    assert case.place in page
    assert f"<title>{case.title} ({case.reference}) –" in page


def test_page_says_when_we_are_late(client, asha, case):
    Case.objects.filter(pk=case.pk).update(promise_on="2020-01-02")
    client.force_login(asha.user)
    assert "by Thursday 2 January 2020, and we are late. We are sorry." in client.get(url(case)).content.decode()


def test_reference_in_another_spelling_leads_to_the_page(client, asha, case):
    client.force_login(asha.user)
    assert client.get(url(case).replace("BAR-", "bar").lower()).url == url(case)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_and_staff_without_the_case_get_404(client, case, cara, dev, act, method):
    for user in (cara.user, dev):
        client.force_login(user)
        answer = getattr(client, method)(url(case, act))
        if act == "" and method == "post":
            assert answer.status_code == 405
        else:
            assert answer.status_code == 404
    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED


@pytest.mark.parametrize("act", ACTS)
def test_visitors_are_asked_to_sign_in(client, case, act):
    assert client.get(url(case, act)).url == f"/account/sign-in/?next={url(case, act)}"


@pytest.mark.parametrize("reference", ["BAR-0000-0000", "nonsense", "BAR-2222-2222", "%00", "🦆"])
def test_what_is_no_reference_is_no_page(client, asha, reference):
    client.force_login(asha.user)
    assert client.get(f"/account/requests/{reference}/").status_code in (400, 404)


def test_delegate_sees_it_and_acts_by_that_right(client, case, asha, ben):
    client.force_login(ben.user)
    assert "This is a request of Asha Owner." in client.get(url(case)).content.decode()
    client.post(url(case, "withdraw/"), {"version": case.version})
    entry = TimelineEntry.objects.get(kind=EntryKind.WITHDRAWN)
    assert (entry.actor, entry.subject, entry.right, entry.channel) == (ben.user, asha, Right.DELEGATE, "web")


def test_delegate_for_another_service_sees_nothing(client, case, ben):
    factories.narrow(Delegation.objects.get(), factories.ServiceFactory(slug="parking"))
    client.force_login(ben.user)
    assert client.get(url(case)).status_code == 404


def test_answer_with_a_photo_lets_work_go_on(client, asha, asked):
    client.force_login(asha.user)
    page = client.get(url(asked)).content.decode()
    assert "Which gate is it behind?" in page
    data = {"answer": "The green one.", "version": asked.version, "photo": photo()}

    page = messages_of(client, client.post(url(asked, "answer/"), data))

    assert "Thank you. We have your answer" in page
    assert "The green one." in page
    asked.refresh_from_db()
    assert asked.state == CaseState.ASSIGNED
    door = f"/requests/photos/{Attachment.objects.get().pk}/"
    assert door in page
    assert client.get(door)["Content-Type"] == "image/jpeg"


def test_answer_sent_twice_is_one_answer(client, asha, asked):
    client.force_login(asha.user)
    for _ in range(2):
        data = {"answer": "The green one.", "version": asked.version, "photo": photo()}
        page = messages_of(client, client.post(url(asked, "answer/"), data))
        assert "Thank you" in page
    assert TimelineEntry.objects.filter(kind=EntryKind.ANSWERED).count() == 1
    assert Attachment.objects.count() == 1


def test_empty_answer_keeps_the_page_and_says_what_to_do(client, asha, asked):
    client.force_login(asha.user)
    answer = client.post(url(asked, "answer/"), {"answer": "  ", "version": asked.version})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Write your answer" in page
    assert "<title>Error: " in page
    assert "Which gate is it behind?" in page


def test_answer_keeps_what_was_typed_when_the_photo_is_none(client, asha, asked):
    client.force_login(asha.user)
    from django.core.files.uploadedfile import SimpleUploadedFile

    fake = SimpleUploadedFile("gate.jpg", b"<script>alert(1)</script>", "image/jpeg")
    page = client.post(url(asked, "answer/"), {"answer": "The green one.", "photo": fake}).content.decode()
    assert "The green one." in page
    assert "There is a problem" in page
    assert not Attachment.objects.exists()


def test_answer_without_a_question_is_refused_in_words(client, asha, case):
    client.force_login(asha.user)
    sentence = "There is no open question. Somebody may have answered it already."
    assert sentence in messages_of(client, client.post(url(case, "answer/")))
    answer = client.post(url(case, "answer/"), {"answer": "My long answer", "version": case.version})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert sentence in page
    assert "My long answer" in page
    assert "We did not send this." in page


def test_not_fixed_opens_it_again(client, asha, resolved):
    client.force_login(asha.user)
    page = client.get(url(resolved)).content.decode()
    assert "We emptied it today." in page
    assert "It is not fixed" in page
    form = client.get(url(resolved, "reopen/")).content.decode()
    assert f'name="version" value="{resolved.version}"' in form
    empty = client.post(url(resolved, "reopen/"), {"why": "", "version": resolved.version}).content.decode()
    assert "Tell us what is not right" in empty

    for _ in range(2):  # a double click
        answer = client.post(url(resolved, "reopen/"), {"why": "Still full", "version": resolved.version})
        assert "We have opened your request again" in messages_of(client, answer)

    resolved.refresh_from_db()
    assert (resolved.state, resolved.reopened_count) == (CaseState.ASSIGNED, 1)


def test_withdraw_asks_first_and_happens_once(client, asha, case):
    client.force_login(asha.user)
    assert "Do you want to withdraw this request?" in client.get(url(case, "withdraw/")).content.decode()
    for _ in range(2):
        answer = client.post(url(case, "withdraw/"), {"why": "Found it", "version": case.version})
        assert "You withdrew this request." in messages_of(client, answer)
    assert TimelineEntry.objects.filter(kind=EntryKind.WITHDRAWN).count() == 1
    page = client.get(url(case)).content.decode()
    assert "I no longer need this" not in page


def test_refused_moves_are_said_in_a_sentence(client, asha, case, make_case):
    client.force_login(asha.user)
    answer = client.post(url(case, "reopen/"), {"why": "Not fixed", "version": case.version})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{case.reference} is not resolved, so it cannot be opened again." in page
    assert "Not fixed</textarea>" in page
    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED


@pytest.mark.parametrize("version", ["0", "-1", "", "x", "9" * 30, "1 OR 1=1"])
def test_form_of_an_older_state_is_refused_in_a_sentence(client, asha, asked, version):
    client.force_login(asha.user)
    answer = client.post(url(asked, "withdraw/"), {"version": version, "why": "Found it"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed" in page
    assert "<title>Error: " in page
    assert "Found it</textarea>" in page
    assert f'name="version" value="{asked.version}"' in page  # sent again, it counts
    asked.refresh_from_db()
    assert asked.state == CaseState.WAITING


def test_answer_to_an_older_question_keeps_the_words_and_stores_no_photo(client, asha, asked, team, dev):
    seen = asked.version
    services.assign_case(asked, actor=Actor.staff(dev), team=team, note="Still theirs")
    client.force_login(asha.user)
    answer = client.post(url(asked, "answer/"), {"answer": "The green one.", "version": seen, "photo": photo()})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed" in page
    assert "The green one.</textarea>" in page
    assert not Attachment.objects.exists()
    again = client.post(url(asked, "answer/"), {"answer": "The green one.", "version": seen + 1})
    assert "Thank you. We have your answer" in messages_of(client, again)


@pytest.mark.parametrize("act", ["reopen/", "withdraw/", "photo/"])
def test_form_that_no_longer_makes_sense_leads_back_to_the_request(client, asha, make_case, act):
    case = make_case()
    Case.objects.filter(pk=case.pk).update(state=CaseState.WITHDRAWN)
    client.force_login(asha.user)
    page = messages_of(client, client.get(url(case, act)))
    assert "This cannot be done now. Here is where your request stands." in page


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_allowed(client, asha, case, act, method):
    client.force_login(asha.user)
    assert getattr(client, method)(url(case, act)).status_code == 405


def test_photo_is_added_once_and_not_to_what_is_done(client, asha, case):
    client.force_login(asha.user)
    assert "Choose a photo" in client.post(url(case, "photo/"), {}).content.decode()
    for _ in range(2):
        assert "We have your photo." in messages_of(client, client.post(url(case, "photo/"), {"photo": photo()}))
    assert Attachment.objects.count() == 1
    for colour in ("blue", "green"):
        client.post(url(case, "photo/"), {"photo": photo(colour=colour)})
    too_many = client.post(url(case, "photo/"), {"photo": photo(colour="white")})
    assert too_many.status_code == 409
    assert "You cannot add more." in too_many.content.decode()
    client.post(url(case, "withdraw/"), {"version": Case.objects.get(pk=case.pk).version})
    done = client.post(url(case, "photo/"), {"photo": photo(colour="black")})
    assert done.status_code == 409
    assert "We are done with this request" in done.content.decode()


def test_photo_of_asha_is_no_business_of_cara(client, asha, cara, case):
    client.force_login(asha.user)
    client.post(url(case, "photo/"), {"photo": photo()})
    client.force_login(cara.user)
    assert client.get(f"/requests/photos/{Attachment.objects.get().pk}/").status_code == 404


def test_list_shows_open_and_closed_apart(client, asha, make_case):
    kept, done = make_case(title="Kept open"), make_case(title="Already done")
    Case.objects.filter(pk=done.pk).update(state=CaseState.WITHDRAWN)
    client.force_login(asha.user)
    for show, seen, unseen in [("", "Kept open", "Already done"), ("?show=closed", "Already done", "Kept open")]:
        page = client.get(f"/account/requests/{show}").content.decode()
        assert seen in page
        assert unseen not in page
    page = client.get("/account/requests/?show=all").content.decode()
    assert "Kept open" in page
    assert "Already done" in page
    assert kept.reference in page


@pytest.mark.parametrize("query", ["?show=nonsense", "?page=0", "?page=-1", "?page=x", "?page=999999", "?show=%00"])
def test_list_survives_what_is_typed_into_its_address(client, asha, case, query):
    client.force_login(asha.user)
    assert client.get(f"/account/requests/{query}").status_code in (200, 400)


def test_list_says_so_when_it_is_empty(client, cara):
    client.force_login(cara.user)
    assert "nothing that we are working on" in client.get("/account/requests/").content.decode()
    assert "Nothing is closed yet." in client.get("/account/requests/?show=closed").content.decode()
    assert "You have not sent us a request" in client.get("/account/requests/?show=all").content.decode()


def test_list_is_cut_into_pages(client, asha, make_case):
    for number in range(21):
        factories.CaseFactory(customer=asha, title=f"Number {number}", address=None)
    client.force_login(asha.user)
    assert client.get("/account/requests/").content.decode().count('portal-card"') == 20
    assert client.get("/account/requests/?page=2").content.decode().count('portal-card"') == 1


@pytest.mark.parametrize("path", ["/account/", "/account/requests/", "/account/requests/?show=all"])
def test_lists_cost_the_same_for_one_and_for_three(client, asha, make_case, path):
    client.force_login(asha.user)
    make_case()
    client.get(path)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    one = queries()
    make_case(), make_case()
    assert queries() == one
    assert one <= 25


def test_list_of_asha_is_shown_to_ben_only_while_he_acts_for_her(client, asha, ben, case, make_case):
    make_case(customer=ben, title="Ben's own")
    client.force_login(ben.user)
    page = client.get("/account/requests/").content.decode()
    assert "Ben&#x27;s own" in page
    assert case.reference not in page
    client.post("/account/acting-for/", {"principal": asha.pk})
    page = client.get("/account/requests/").content.decode()
    assert "Requests of Asha Owner" in page
    assert case.reference in page
    assert "Ben&#x27;s own" not in page


def test_request_without_an_account_is_found_by_its_proved_address(client, asha, cara, make_case):
    from portal.cases.services import ContactDetails

    loose = make_case(customer=None, contact=ContactDetails(name="Asha", email="Asha@Example.com"))
    client.force_login(asha.user)
    assert loose.reference in client.get("/account/requests/").content.decode()
    assert client.get(url(loose)).status_code == 200
    client.force_login(cara.user)
    assert client.get(url(loose)).status_code == 404


def test_who_joined_sees_their_own_words_and_where_it_stands(client, asha, cara, make_case):
    first = make_case(same_as_key="bin:1", title="First words", details=[["Secret", "Mine alone"]])
    make_case(customer=cara, same_as_key="bin:1", title="Second words")
    client.force_login(cara.user)
    page = client.get("/account/requests/").content.decode()
    assert "Second words" in page
    page = client.get(url(first)).content.decode()
    assert "Second words" in page
    assert "First words" not in page
    assert "Mine alone" not in page
    for act in ACTS[1:]:
        assert client.post(url(first, act), {"why": "x"}).status_code == 404

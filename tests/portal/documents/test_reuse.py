"""One passport, seen once, is used in two services; each request names it with the fingerprint that it had then."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.cases.models import Case
from portal.documents.models import Reliance
from portal.documents.services import rely_on, withdraw
from portal.reports import pictures
from portal.smartforms.models import FormFile, Submission
from portal.smartforms.publishing import import_form
from tests import factories
from tests.barnet.kit.files import samples
from tests.portal.documents.conftest import client_of
from tests.portal.documents.forms import proof_form
from tests.portal.smartforms.running.conftest import Hand


@pytest.fixture
def paper(asha):
    return factories.DocumentFactory(customer=asha)


@pytest.fixture
def hand(asha):
    def begun(slug="badge", user=None, client=None, **more):
        factories.ServiceFactory(slug=slug)
        import_form(proof_form(slug, **more), by=None)
        hand = Hand(client or client_of(user or asha.user), slug)
        hand.start()
        return hand

    return begun


def page_of(hand) -> str:
    return hand.client.get(hand.url("proof")).content.decode()


def use(hand, paper) -> None:
    hand.answer("proof", {"proof-document": str(paper.pk)}, "check")
    hand.client.post(reverse("form_check", args=[hand.slug, hand.draft.pk]), {"declaration": "on"})


def test_seen_once_it_is_used_in_two_services_without_a_copy(hand, paper):
    stored = len(paper.file.storage.listdir("documents")[0])
    for slug in ("badge", "permit"):
        begun = hand(slug)
        text = page_of(begun)
        assert "We have already seen this" in text
        assert "at Hendon Library, valid until 2 May 2034" in text
        use(begun, paper)
    assert Case.objects.count() == 2
    assert list(Reliance.objects.values_list("document", "sha256")) == [(paper.pk, paper.sha256)] * 2
    assert set(FormFile.objects.values_list("file", "document", "sha256")) == {("", paper.pk, paper.sha256)}
    assert len(paper.file.storage.listdir("documents")[0]) == stored
    assert not (paper.file.storage.exists("forms") and paper.file.storage.listdir("forms")[0])


def test_an_officer_reaches_it_from_the_answers_through_its_own_door(hand, paper, dev, asha, ben):
    use(hand(), paper)
    case, file = Case.objects.get(), FormFile.objects.get()
    officer = client_of(dev)
    assert str(paper) in officer.get(f"/staff/answers/{case.reference}/").content.decode()
    answer = officer.get(reverse("staff_answer_file", args=[case.reference, file.pk]))
    assert answer["Location"] == f"/staff/documents/{paper.pk}/"
    text = officer.get(f"/staff/documents/requests/{case.reference}/").content.decode()
    assert paper.sha256 in text
    own = client_of(asha.user).get(reverse("account_sent_file", args=[case.reference, file.pk]))
    assert own["Location"] == f"/account/documents/{paper.pk}/"
    delegate = client_of(ben.user).get(reverse("account_sent_file", args=[case.reference, file.pk]), follow=True)
    assert delegate.status_code == 404


@pytest.mark.parametrize("case", ["expired", "withdrawn", "changed", "proves something else", "somebody else's"])
def test_what_proves_nothing_is_not_offered_and_not_taken(hand, asha, cara, dev, case):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    paper = factories.DocumentFactory(
        customer=cara if case == "somebody else's" else asha,
        valid_until=yesterday if case == "expired" else timezone.localdate(),
        changed_at=timezone.now() if case == "changed" else None,
    )
    if case == "withdrawn":
        withdraw(paper, by=dev, because="It is torn")
    begun = hand(proves=("income",) if case == "proves something else" else ("identity",))
    assert "already seen" not in page_of(begun)
    begun.post("proof", {"proof-document": str(paper.pk)})
    assert not FormFile.objects.exists()
    assert "Choose a file" in begun.post("proof", {"proof-document": str(paper.pk)}).content.decode()


def test_a_delegate_is_not_told_which_papers_there_are(hand, ben, asha, paper):
    acting = client_of(ben.user)
    acting.post("/account/acting-for/", {"principal": asha.pk})
    begun = hand(client=acting)
    assert begun.draft.customer == asha
    assert "already seen" not in page_of(begun)
    begun.post("proof", {"proof-document": str(paper.pk)})
    assert not FormFile.objects.exists()


def test_withdrawn_between_choosing_and_sending_nothing_is_sent_and_we_say_why(hand, paper, dev):
    begun = hand()
    begun.answer("proof", {"proof-document": str(paper.pk)}, "check")
    withdraw(paper, by=dev, because="It is torn")
    page = begun.client.post(reverse("form_check", args=[begun.slug, begun.draft.pk]), {}, follow=True)
    assert "We can no longer use" in page.content.decode()
    assert not Case.objects.exists()
    assert not Reliance.objects.exists()


def test_it_can_be_taken_back_and_the_document_stays(hand, paper):
    begun = hand()
    begun.answer("proof", {"proof-document": str(paper.pk)}, "check")
    row = FormFile.objects.get()
    text = page_of(begun)
    assert f'value="{row.pk}"' in text
    assert reverse("form_file", args=[row.pk]) not in text
    assert begun.client.get(reverse("form_file", args=[row.pk])).status_code == 404
    begun.post("proof", {"proof-kept": str(row.pk), "proof-remove": str(row.pk)})
    assert not FormFile.objects.exists()
    paper.refresh_from_db()
    assert paper.file.storage.exists(paper.file.name)


def test_an_upload_is_still_possible_beside_it(hand, paper):
    begun = hand()
    upload = SimpleUploadedFile("bill.pdf", samples.PDF)
    begun.answer("proof", {"proof-document": str(paper.pk), "proof": upload}, "check")
    assert set(FormFile.objects.values_list("document", flat=True)) == {None, paper.pk}


def test_an_officer_uses_it_for_a_request_instead_of_asking(asha, cara, dev, paper):
    case = factories.CaseFactory(customer=asha)
    officer = client_of(dev)
    address = f"/staff/documents/requests/{case.reference}/"
    assert address in officer.get(f"/staff/cases/{case.reference}/").content.decode()
    assert "Use it for this request" in officer.get(address).content.decode()
    for _press in range(2):
        officer.post(address, {"document": str(paper.pk)})
    assert Reliance.objects.get().by == dev
    foreign = factories.DocumentFactory(customer=cara)
    assert "can no longer be used" in officer.post(address, {"document": str(foreign.pk)}).content.decode()
    assert officer.post(address, {}).status_code == 200
    assert Reliance.objects.count() == 1
    librarian = client_of(factories.StaffFactory(roles=["librarian"]))
    assert librarian.post(address, {"document": str(paper.pk)}).status_code == 403


def test_a_passport_never_becomes_a_public_photo(asha, dev, paper):
    case = factories.CaseFactory(customer=asha)
    version = import_form(proof_form(case.service.slug), by=None)
    sent = Submission.objects.create(
        version=version, case=case, outcome="sent", started_at=timezone.now(), right="self", channel="web"
    )
    FormFile.objects.create(
        submission=sent, question="proof", document=paper, name="p", content_type="image/jpeg", size=1
    )
    assert pictures.pictures_of(case) == []


def test_the_page_of_a_request_costs_the_same_for_one_and_for_three(asha, dev, paper, django_assert_num_queries):
    case = factories.CaseFactory(customer=asha)
    officer = client_of(dev)
    address = f"/staff/documents/requests/{case.reference}/"
    rely_on(paper, case, by=dev)
    factories.DocumentFactory(customer=asha)
    officer.get(address)
    with django_assert_num_queries(QUERIES_OF_REQUEST):
        officer.get(address)
    for document in factories.DocumentFactory.create_batch(2, customer=asha):
        rely_on(document, case, by=dev)
    factories.DocumentFactory.create_batch(2, customer=asha)
    with django_assert_num_queries(QUERIES_OF_REQUEST):
        officer.get(address)


QUERIES_OF_REQUEST = 10

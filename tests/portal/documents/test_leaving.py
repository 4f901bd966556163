"""An account is closed, or a visitor's request joins one: what becomes of the documents. With files on disk."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.customers.keeping import closing
from barnet.customers.models import AccountClosure, Customer
from portal.cases.models import Contact
from portal.cases.services import claim_case, make_claim_code
from portal.documents.models import Document, Reliance
from portal.documents.services import rely_on
from tests import factories
from tests.barnet.operations.test_people_retention import caller
from tests.portal.documents.conftest import NO_EXPIRY, client_of, in_boxes
from tests.portal.documents.test_keeping import apply, expired
from tests.portal.documents.test_keeping import closed as case_closed

pytestmark = pytest.mark.django_db(transaction=True)


def close_account(customer) -> None:
    closing.ask_to_close(customer.user, request=None)
    AccountClosure.objects.update(due_at=timezone.now())
    assert closing.close_due() == "1 accounts closed"


def on_disk(document) -> Path:
    return Path(document.file.storage.path(document.file.name))


def test_bytes_and_rows_go_when_the_account_is_closed_and_nobody_elses(asha, cara, dev):
    mine, used, hers = (factories.DocumentFactory(customer=owner) for owner in (asha, asha, cara))
    rely_on(used, case_closed(factories.CaseFactory(customer=asha)), by=dev)
    paths = [on_disk(document) for document in (mine, used, hers)]
    assert all(path.exists() for path in paths)
    close_account(asha)
    assert [path.exists() for path in paths] == [False, False, True]
    assert list(Document.objects.all()) == [hers]
    assert not Reliance.objects.exists()


def test_nothing_goes_while_the_owner_can_have_the_account_back(asha):
    document = factories.DocumentFactory(customer=asha)
    closing.ask_to_close(asha.user, request=None)
    assert closing.close_due() == "0 accounts closed"
    assert on_disk(document).exists()


def test_what_an_open_request_needs_stays_for_it_alone_and_goes_with_it(asha, dev):
    document, case = factories.DocumentFactory(customer=asha), factories.CaseFactory(customer=asha)
    rely_on(document, case, by=dev)
    path = on_disk(document)
    close_account(asha)
    document.refresh_from_db()
    assert path.exists()
    assert document.withdrawn_because == "The account was closed."
    assert not Document.objects.valid_on(timezone.localdate()).exists()
    Document.objects.update(withdrawn_at=timezone.now() - dt.timedelta(days=184))
    assert apply("documents-seen") == 0
    case_closed(case)
    assert apply("documents-seen") == 1
    assert not path.exists()


def test_a_failed_closing_keeps_the_bytes(asha, monkeypatch):
    """The bytes go with the commit, never before it."""
    document = factories.DocumentFactory(customer=asha)

    def fail(_user):
        raise RuntimeError

    monkeypatch.setattr(closing, "_forget_ways_in", fail)
    closing.ask_to_close(asha.user, request=None)
    AccountClosure.objects.update(due_at=timezone.now())
    with pytest.raises(RuntimeError):
        closing.close_due()
    assert on_disk(document).exists()
    assert Document.objects.get() == document


def test_a_record_is_made_anonymous_only_when_it_holds_no_document():
    """Never a passport that stays when the name is gone."""
    walk_in = caller()
    document = expired(walk_in)
    path = on_disk(document)
    assert apply("customers-without-login") == 0
    assert path.exists()
    assert apply("documents-seen") == 1
    assert not path.exists()
    assert apply("customers-without-login") == 1
    walk_in.refresh_from_db()
    assert walk_in.name == ""


# --- A visitor without an account ---


@pytest.fixture
def visitor(db):
    return Customer.objects.create(name="Vera Visitor", email="vera@example.com")


def claimed(case, customer, by):
    slip = make_claim_code(case, actor=Actor.staff(by, Channel.FACE_TO_FACE), submission_key=f"slip-{case.pk}")
    assert claim_case(customer.user, reference=case.reference, code=slip.code) == case


def test_the_paper_joins_the_account_with_the_request(visitor, asha, cara, dev):
    paper, other = factories.DocumentFactory(customer=visitor), factories.DocumentFactory(customer=visitor)
    case = factories.CaseFactory(customer=visitor)
    rely_on(paper, case, by=dev)
    claimed(case, asha, dev)
    paper.refresh_from_db()
    other.refresh_from_db()
    assert (paper.customer, other.customer) == (asha, visitor)
    assert client_of(asha.user).get(f"/account/documents/{paper.pk}/").status_code == 200
    assert client_of(cara.user).get(f"/account/documents/{paper.pk}/").status_code == 404
    assert client_of(asha.user).get(f"/account/documents/{other.pk}/").status_code == 404


def test_a_paper_that_another_request_needs_goes_with_the_last(visitor, asha, dev):
    paper = factories.DocumentFactory(customer=visitor)
    one, two = factories.CaseFactory.create_batch(2, customer=visitor)
    for case in (one, two):
        rely_on(paper, case, by=dev)
    claimed(one, asha, dev)
    paper.refresh_from_db()
    assert paper.customer == visitor
    claimed(two, asha, dev)
    paper.refresh_from_db()
    assert paper.customer == asha


# --- The visit ---


def test_certifying_is_one_visit_in_the_log_of_contacts(at_desk, libby, asha, dev, filled):
    address = f"/staff/documents/customers/{asha.pk}/add/"
    page = at_desk.get(address)
    for _press in range(2):
        at_desk.post(address, filled(page))
    visit = Contact.objects.get()
    assert (visit.subject, visit.actor, visit.channel, visit.right) == (asha, libby, "face_to_face", "staff")
    assert (visit.reason.name, visit.outcome, visit.is_settled) == ("Show a document", "answered", True)
    assert "Passport, original seen on" in visit.summary
    assert visit.summary in client_of(dev).get(f"/staff/customers/{asha.pk}/").content.decode()


def test_what_is_refused_is_no_visit(at_desk, asha, filled, bill):
    address = f"/staff/documents/customers/{asha.pk}/add/"
    long_ago = in_boxes("dated_on", dt.date(2020, 1, 15))
    at_desk.post(address, filled(at_desk.get(address), kind=str(bill.pk), **long_ago, **NO_EXPIRY))
    assert not Contact.objects.exists()

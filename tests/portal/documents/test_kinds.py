"""Administrators keep the kinds of documents; the list that we begin with says how long each proves something."""

import datetime as dt

import pytest

from portal.documents.ground import KINDS, ensure_kinds
from portal.documents.models import DocumentKind
from tests import factories
from tests.portal.documents.conftest import client_of

pytestmark = pytest.mark.django_db

ADD = "/staff/content/snippets/documents/documentkind/add/"
CARD = {
    "name": "Student card",
    "proves": ["identity", "age"],
    "months": "12",
    "is_offered": "on",
    "position": "50",
}


@pytest.fixture
def admin():
    return client_of(factories.StaffFactory(roles=["administrator"]))


def test_an_administrator_adds_a_kind_and_changes_it(admin):
    assert admin.post(ADD, CARD).status_code == 302
    kind = DocumentKind.objects.get(name="Student card")
    assert (kind.proves, kind.months, kind.has_expiry) == (["identity", "age"], 12, False)
    edit = f"/staff/content/snippets/documents/documentkind/edit/{kind.pk}/"
    page = admin.get(edit).content.decode()
    assert page.count("checked") >= 2
    admin.post(edit, CARD | {"proves": ["age"], "is_offered": ""})
    kind.refresh_from_db()
    assert (kind.proves, kind.is_offered) == (["age"], False)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"months": ""}, "Say for how many months it proves something"),
        ({"months": "0"}, "greater than or equal to 1"),
        ({"proves": []}, "This field is required"),
        ({"proves": ["beauty"]}, "Select a valid choice"),
    ],
)
def test_a_kind_that_makes_no_sense_is_refused(admin, changes, sentence):
    page = admin.post(ADD, CARD | changes)
    assert sentence in page.content.decode()
    assert not DocumentKind.objects.filter(name="Student card").exists()


def test_nobody_else_keeps_them_and_nobody_deletes_one(admin, libby):
    kind = factories.DocumentKindFactory()
    for user in (libby, factories.StaffFactory(roles=["editor"])):
        assert client_of(user).post(ADD, CARD).status_code in {302, 403}
    admin.post(f"/staff/content/snippets/documents/documentkind/delete/{kind.pk}/")
    assert list(DocumentKind.objects.all()) == [kind]


def test_what_we_begin_with_is_laid_once(asha):
    ensure_kinds()
    bill = DocumentKind.objects.get(name="Bank statement")
    assert bill.valid_until(dt.date(2026, 11, 30), None) == dt.date(2027, 2, 28)
    passport = DocumentKind.objects.get(name="Passport")
    assert passport.valid_until(dt.date(2026, 1, 1), dt.date(2031, 5, 2)) == dt.date(2031, 5, 2)
    DocumentKind.objects.filter(name="Payslip").delete()
    ensure_kinds()
    assert DocumentKind.objects.count() == len(KINDS) - 1


def test_a_change_counts_for_what_is_certified_from_then_on(asha):
    paper = factories.DocumentFactory(customer=asha)
    until = paper.valid_until
    DocumentKind.objects.update(months=1)
    paper.refresh_from_db()
    assert paper.valid_until == until

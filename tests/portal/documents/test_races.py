"""The button pressed at once in many threads; removing against using. Each with a control."""

import datetime as dt
from threading import Barrier

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from barnet.kit.files.checking import check_file
from portal.cases.models import Contact
from portal.documents import services
from portal.documents.errors import NotProofError, StillReliedOnError
from portal.documents.models import Document, Reliance
from portal.documents.services import certify, rely_on, remove
from tests import factories
from tests.barnet.kit.files import samples
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def press(asha, libby, kind, key: str) -> Document:
    return certify(
        asha,
        kind=kind,
        scan=check_file(ContentFile(samples.picture(), "p.jpg")),
        dated_on=timezone.localdate(),
        expires_on=timezone.localdate() + dt.timedelta(days=9),
        place="Hendon Library",
        by=libby,
        submission_key=key,
    )


@pytest.fixture
def libby(db):
    return factories.StaffFactory(email="libby@example.com")


def stored(document: Document) -> list[str]:
    storage = document.file.storage
    folder = str(document.file.name).rpartition("/")[0]
    return storage.listdir(folder)[1]


def test_eight_presses_at_once_certify_once_and_leave_one_file(asha, libby):
    kind = factories.DocumentKindFactory()
    results = at_once(8, lambda _number: press(asha, libby, kind, "one"))
    assert {result.pk for result in results} == {Document.objects.get().pk}
    assert len(stored(Document.objects.get())) == 1
    assert Contact.objects.count() == 1


def test_without_the_same_key_eight_presses_are_eight_documents(asha, libby):
    kind = factories.DocumentKindFactory()
    at_once(8, lambda number: press(asha, libby, kind, f"key-{number}"))
    assert Document.objects.count() == 8


def test_removed_or_used_never_both(asha):
    document, case = factories.DocumentFactory(customer=asha), factories.CaseFactory(customer=asha)
    acts = [lambda: rely_on(document, case, by=asha.user), lambda: remove(document, by=asha.user)]
    results = at_once(2, lambda number: acts[number]())
    document.refresh_from_db()
    refused = [result for result in results if isinstance(result, NotProofError | StillReliedOnError)]
    assert len(refused) == 1, results
    assert Reliance.objects.exists() == bool(document.file)


def test_without_the_lock_a_request_relies_on_what_was_removed(asha, monkeypatch):
    """The control: both look before either writes."""
    document, case = factories.DocumentFactory(customer=asha), factories.CaseFactory(customer=asha)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda rows, **_how: rows)
    barrier = Barrier(2, timeout=30)
    look, why_not = services.open_requests_relying_on, Document.why_not

    def looked(found):
        relying = look(found)
        barrier.wait()
        return relying

    def asked(found, day):
        why = why_not(found, day)
        barrier.wait()
        return why

    monkeypatch.setattr(services, "open_requests_relying_on", looked)
    monkeypatch.setattr(Document, "why_not", asked)
    acts = [lambda: rely_on(document, case, by=asha.user), lambda: remove(document, by=asha.user)]
    results = at_once(2, lambda number: acts[number]())
    assert not [result for result in results if isinstance(result, Exception)], results
    document.refresh_from_db()
    assert Reliance.objects.exists()
    assert not document.file

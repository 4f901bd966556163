"""Documents go some months after they proved something; they move with a merged customer; what we hold names them."""

import datetime as dt
import os

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from barnet.customers.keeping.holdings import holdings
from barnet.customers.merging.services import merge_customers
from barnet.operations import retention
from portal.documents.models import Document, Reliance
from portal.documents.services import rely_on, sweep_leftovers
from portal.smartforms.models import Draft, FormFile, FormVersion, SmartForm
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def apply(key: str) -> int:
    [report] = retention.apply_all(keys=[key])
    assert report.error == ""
    return report.done


def expired(customer, days: int = 300):
    return factories.DocumentFactory(customer=customer, dated_on=ago(5000), expires_on=ago(days), valid_until=ago(days))


def begun(customer) -> Draft:
    form = SmartForm.objects.create(slug="x", title="X", service=factories.ServiceFactory())
    version = FormVersion.objects.create(form=form, number=1, definition={}, sha256="0" * 64, ways=1)
    until = timezone.now() + dt.timedelta(days=28)
    return Draft.objects.create(
        form=form, version=version, customer=customer, right="self", channel="web", expires_at=until
    )


def closed(case):
    then = timezone.now() - dt.timedelta(days=1)
    type(case).objects.filter(pk=case.pk).update(
        state="resolved", outcome="done", public_reason="Done", resolved_at=then
    )
    return case


def test_half_a_year_after_it_expired_the_document_goes_with_its_bytes(asha):
    old, newer = expired(asha), expired(asha, days=100)
    storage, name = old.file.storage, old.file.name
    assert apply("documents-seen") == 1
    assert list(Document.objects.all()) == [newer]
    assert not storage.exists(name)
    assert storage.exists(newer.file.name)


def test_while_an_open_request_relies_on_it_it_stays_whole(asha, dev):
    document = factories.DocumentFactory(customer=asha)
    case = factories.CaseFactory(customer=asha)
    rely_on(document, case, by=dev)
    Document.objects.filter(pk=document.pk).update(
        withdrawn_at=timezone.now() - dt.timedelta(days=999), withdrawn_because="x"
    )
    assert apply("documents-seen") == 0
    closed(case)
    assert apply("documents-seen") == 1
    document.refresh_from_db()
    assert not document.file  # the scan went, what the closed request names stayed
    assert Reliance.objects.get().sha256 == document.sha256
    assert apply("documents-seen") == 0
    type(case).objects.filter(pk=case.pk).update(resolved_at=timezone.now() - dt.timedelta(days=4 * 365))
    assert apply("documents-relied-on") == 1
    assert apply("documents-seen") == 1
    assert not Document.objects.exists()


def test_a_draft_that_named_it_loses_the_name_and_nothing_else(asha):
    document = expired(asha)
    draft = begun(asha)
    FormFile.objects.create(draft=draft, question="x", document=document, name="p", content_type="image/jpeg", size=1)
    apply("documents-seen")
    assert not FormFile.objects.exists()
    draft.refresh_from_db()


def test_it_moves_with_a_merged_customer(asha, dev):
    other = factories.CustomerFactory(user=None, name="Asha Owner")
    document = factories.DocumentFactory(customer=other)
    merge_customers(asha, other, by=dev, reason="The same person")
    document.refresh_from_db()
    assert document.customer == asha


def test_what_we_hold_names_it_and_the_file_has_all_of_it(asha, cara):
    document = factories.DocumentFactory(customer=asha)
    factories.DocumentFactory(customer=cara)
    [holding] = [one for one in holdings() if one.key == "documents"]
    assert [label for label, _until in holding.rows(asha)] == [str(document)]
    assert [row["sha256"] for row in holding.everything(asha)] == [document.sha256]


def test_bytes_without_a_row_are_swept_after_a_week(asha):
    document = factories.DocumentFactory(customer=asha)
    storage = document.file.storage
    lost = storage.save(document.file.name.rpartition("/")[0] + "/lost", ContentFile(b"left"))
    week = (timezone.now() - dt.timedelta(days=8)).timestamp()
    os.utime(storage.path(lost), (week, week))
    assert sweep_leftovers() == "1 deleted"
    assert not storage.exists(lost)
    assert storage.exists(document.file.name)

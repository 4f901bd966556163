"""Editors write, somebody else publishes: through Wagtail's real views."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from barnet.catalogue.models import Fee, Service
from barnet.customers.staff.roles import ensure_roles
from tests.factories import ServiceFactory, StaffFactory
from tests.people import PortalClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(db):
    return ServiceFactory(slug="thing", name="A thing", summary="As it was.")


@pytest.fixture
def staff(db):
    ensure_roles()

    def client_of(role, **more):
        client = PortalClient()
        client.force_login(StaffFactory(email=f"{role}-{len(more)}@example.com", roles=[role], **more))
        return client

    return client_of


@pytest.fixture
def edie(staff):
    return staff("editor")


@pytest.fixture
def anna(staff):
    return staff("administrator")


def address(act, *args, model="service"):
    return reverse(f"wagtailsnippets_catalogue_{model}:{act}", args=args)


def fee_row(amount, from_on, to_on="", **more):
    row = {"label": "One", "code": "one", "concession": "standard", "vat": "outside"}
    return {**row, "amount": amount, "from_on": from_on, "to_on": to_on, "id": "", **more}


def form(service, *, fees=(), initial_fees=0, **changed):
    service = Service.objects.get(pk=service.pk).get_latest_revision_as_object()
    return nested_form_data(
        {
            **{name: getattr(service, name) for name in ("name", "slug", "summary", "body", "owner_unit", "who_may")},
            **{name: getattr(service, name) for name in ("channel_policy", "start_path", "search_words")},
            "category": service.category_id,
            "standard_working_days": service.standard_working_days,
            "lgsl": service.lgsl or "",
            "review_on": service.review_on or "",
            "same_within_metres": service.same_within_metres,
            "review_owner": service.review_owner,
            "fees": inline_formset(list(fees), initial=initial_fees),
            "contact_ways": inline_formset([]),
            **changed,
        }
    )


def save(client, service, **changed):
    return client.post(address("edit", service.pk), form(service, **changed))


def publish(client, service, **changed):
    return save(client, service, **{"action-publish": "1"}, **changed)


def summary_of(service):
    return Service.objects.get(pk=service.pk).summary


def test_change_is_a_draft_until_somebody_else_publishes_it(edie, anna, client, service):
    assert save(edie, service, summary="As Edie wrote it.").status_code == 302
    assert summary_of(service) == "As it was."
    publish(edie, service)
    assert summary_of(service) == "As it was."
    assert publish(anna, service).status_code == 302
    assert summary_of(service) == "As Edie wrote it."
    assert "As Edie wrote it." in client.get("/services/thing/").text


def test_nobody_publishes_what_they_write_at_that_moment(edie, anna, service):
    save(edie, service, summary="As Edie wrote it.")
    response = publish(anna, service, summary="As Anna wrote it.")
    assert "saved it as a draft" in anna.get(response.url).text
    assert summary_of(service) == "As it was."
    publish(anna, service)
    assert summary_of(service) == "As it was."  # now Anna is one who wrote it
    publish(edie, service)
    assert summary_of(service) == "As it was."  # and so is Edie


def test_superuser_is_no_exception(service, db):
    boss = PortalClient()
    boss.force_login(StaffFactory(email="boss@example.com", is_superuser=True))
    save(boss, service, summary="As the boss wrote it.")
    publish(boss, service)
    assert summary_of(service) == "As it was."


def test_publish_button_is_only_there_for_others(edie, anna, service):
    assert "action-publish" not in edie.get(address("edit", service.pk)).text
    save(edie, service, summary="As Edie wrote it.")
    assert "action-publish" not in edie.get(address("edit", service.pk)).text
    assert "action-publish" in anna.get(address("edit", service.pk)).text


def test_earlier_version_that_is_brought_back_is_a_change_too(edie, anna, service):
    save(edie, service, summary="First.")
    publish(anna, service)
    save(anna, service, summary="Second.")
    publish(edie, service)
    first = service.revisions.order_by("created_at").first()
    revert = address("revisions_revert", service.pk, first.pk)
    eric = PortalClient()
    eric.force_login(StaffFactory(email="eric@example.com", roles=["editor"]))
    eric.post(revert, {**form(service, summary="First."), "action-publish": "1"})
    assert summary_of(service) == "Second."


def test_new_service_begins_as_a_draft(anna, client, service):
    posted = {**form(service, name="New", slug="new"), "action-publish": "1"}
    assert anna.post(address("add"), posted).status_code == 302
    new = Service.objects.get(slug="new")
    assert not new.live
    assert client.get("/services/new/").status_code == 404


def test_fees_are_typed_in_pounds_and_live_when_published(edie, anna, service):
    rows = [fee_row("45.5", "2026-04-01", "2027-03-31"), fee_row("49", "2027-04-01")]
    assert save(edie, service, fees=rows).status_code == 302
    assert not Fee.objects.exists()
    # As the page shows them: rows of a draft have no number yet.
    kept = [fee_row("45.50", "2026-04-01", "2027-03-31"), fee_row("49.00", "2027-04-01")]
    response = publish(anna, service, fees=kept)
    assert response.status_code == 302
    assert sorted(Fee.objects.values_list("amount", flat=True)) == [4550, 4900]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([fee_row("1", "2026-04-01"), fee_row("2", "2027-04-01")], "There is a fee for this thing and payer already"),
        ([fee_row("1", "2026-04-01", "2026-03-01")], "Enter a day on or after the first day."),
        ([fee_row("-1", "2026-04-01")], "greater than or equal to 0"),
    ],
)
def test_fees_that_cannot_be_are_refused_in_words(edie, service, rows, sentence):
    response = save(edie, service, fees=rows)
    assert response.status_code == 200
    assert sentence in response.text


def test_lists_and_preview_open(edie, service):
    Service.objects.update(review_on=timezone.localdate() - dt.timedelta(days=1))
    ServiceFactory(slug="later", name="Reviewed later", review_on=timezone.localdate() + dt.timedelta(days=60))
    for model in ("service", "category", "helppoint"):
        assert edie.get(address("list", model=model)).status_code == 200
    due = edie.get(address("list"), {"due": "0"}).text
    assert "A thing" in due
    assert "Reviewed later" not in due
    preview = address("preview_on_edit", service.pk)
    edie.post(preview, form(service, summary="Only a draft."))
    assert "Only a draft." in edie.get(preview).text
    assert edie.get(address("history", service.pk)).status_code == 200


def test_nobody_deletes_a_service(anna, service):
    anna.post(address("delete", service.pk))
    assert Service.objects.filter(pk=service.pk).exists()


def test_service_is_taken_down_with_the_right_to_publish(anna, client, service):
    anna.post(address("unpublish", service.pk))
    assert client.get("/services/thing/").status_code == 404


@pytest.mark.parametrize("role", ["adviser", "caseworker", "form_author"])
def test_other_roles_may_not(staff, service, role):
    save(staff(role), service, summary="Changed.")
    assert not service.revisions.exists()

"""What becomes of somebody's answers when their record becomes a login's, and when their account is closed."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from barnet.customers.keeping.closing import ask_to_close, close_due
from barnet.customers.keeping.people_retention import CUSTOMERS
from barnet.customers.models import Customer
from barnet.kit.retention import kind_of, rows_of
from portal.cases.models import Case
from portal.smartforms.models import Answer, Submission
from tests.factories import UserFactory
from tests.people import PortalClient
from tests.portal.smartforms.results.conftest import SECRET, send

pytestmark = pytest.mark.django_db


def test_who_was_served_without_a_login_finds_their_answers_when_they_register(club):
    known = Customer.objects.create(name="Nia Known", email="nia@example.com")
    submission = send()
    Submission.objects.update(subject=known, right="staff")
    Case.objects.update(customer=known)
    user = UserFactory(email="nia@example.com")
    assert Customer.objects.of(user) == known
    client = PortalClient()
    client.force_login(user)
    page = client.get(reverse("account_sent_answers", args=[submission.case.reference])).content.decode()
    assert SECRET in page
    assert "Typed by staff beside the customer" in page


def close(customer):
    ask_to_close(customer.user, request=None)
    close_due(timezone.now() + dt.timedelta(days=15))
    customer.refresh_from_db()


def test_a_closed_account_leaves_the_answers_with_their_request_until_their_time(submission, asha):
    close(asha)
    assert not asha.user.is_active
    assert Submission.objects.get().subject == asha
    assert Answer.objects.filter(path="health").exists()
    assert asha not in rows_of(kind_of(CUSTOMERS))  # a request is still theirs
    assert kind_of("form-answers").find().count() == 0  # it is open
    Case.objects.update(state="withdrawn")
    answers = kind_of("form-answers")
    assert answers.apply(answers.find()) == 1
    left = Submission.objects.get()
    assert (left.subject, left.actor, left.answers.count()) == (None, None, 0)
    assert answers.find().count() == 0

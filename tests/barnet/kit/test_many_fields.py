"""The editor of forms may send many fields, for staff; nothing and nobody else."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve, reverse

from barnet.kit.many_fields import FieldLimit, ManyFieldsMiddleware, _raised
from tests.people import PortalClient

pytestmark = pytest.mark.django_db
EDITOR = "wagtailsnippets_smartforms_smartform:add"
FORM = "application/x-www-form-urlencoded"


def fields(count):
    return {f"field-{number}": "1" for number in range(count)}


def encoded(count):
    return "&".join(f"{name}=1" for name in fields(count))


def signed_in(user):
    client = PortalClient(raise_request_exception=False)
    client.force_login(user)
    return client


def is_too_many(response):
    return response.status_code == 400 and "We could not read your request" in response.content.decode()


@pytest.mark.parametrize("address", ["/account/sign-in/", "/contact/", "/addresses/"])
@pytest.mark.parametrize("is_multipart", [True, False])
def test_a_thousand_fields_are_the_most(client, address, is_multipart):
    most, more = ((fields(n), {}) if is_multipart else (encoded(n), {"content_type": FORM}) for n in (1_000, 1_010))
    assert not is_too_many(client.post(address, most[0], **most[1]))
    assert is_too_many(client.post(address, more[0], **more[1]))


def test_staff_are_held_to_it_too_elsewhere(dev):
    assert is_too_many(signed_in(dev).post("/staff/serve/new/", fields(1_010)))


def many_in_the_editor(user):
    """How many of 1,010 fields the editor's view would find."""
    request = RequestFactory().post(reverse(EDITOR), fields(1_010))
    request.user, request.resolver_match = user, resolve(request.path)

    def view(request):
        middleware.process_view(request)
        return HttpResponse(str(len(request.POST)))

    middleware = ManyFieldsMiddleware(view)
    return int(middleware(request).content)


def test_the_editor_takes_more_from_staff(dev):
    assert many_in_the_editor(dev) == 1_010
    with pytest.raises(TooManyFieldsSent):  # and only while it runs
        len(RequestFactory().post("/", fields(1_010)).POST)


def test_who_is_no_staff_is_held_to_it_in_the_editor(asha):
    for user in (asha.user, AnonymousUser()):
        with pytest.raises(TooManyFieldsSent):
            many_in_the_editor(user)


def test_another_request_at_the_same_moment_is_held_to_the_usual_number(settings):
    """The raised number belongs to one request, not to the process."""
    seen = []

    def read():
        seen.append(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.now)

    before = _raised.set(20_000)
    try:
        other = threading.Thread(target=read)
        other.start()
        other.join()
        read()
    finally:
        _raised.reset(before)
    assert seen == [1_000, 20_000]


def test_django_asks_the_number_in_the_ways_that_it_answers():
    post = RequestFactory().post
    assert len(post("/", fields(1_000)).POST) == 1_000
    assert isinstance(FieldLimit(7), int)
    assert FieldLimit(7) + 2 == 9
    assert (FieldLimit(7) < 8, FieldLimit(7) < 7) == (True, False)

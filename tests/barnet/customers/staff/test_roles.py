"""Roles are what the code says, and the decorators keep views."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from barnet.customers.permissions import resident_required, staff_required
from barnet.customers.staff.roles import ROLES, ensure_roles
from tests import factories
from tests.barnet.customers.acting_for.test_serving import request_of

EXPECTED = {
    "adviser",
    "caseworker",
    "team_lead",
    "operative",
    "assessor",
    "librarian",
    "collections",
    "editor",
    "form_author",
    "finance",
    "gazetteer",
    "analyst",
    "data_guardian",
    "administrator",
}


def held(name):
    rows = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def test_every_role_has_exactly_its_permissions_however_often_it_is_laid(db):
    assert set(ROLES) == EXPECTED
    for _ in range(2):
        ensure_roles()
    for name, role in ROLES.items():
        assert role.name == name
        assert held(name) <= set(role.permissions)
        assert "customers.enter_back_office" in held(name)
    assert {"cases.view_case", "cases.work_case"} <= held("caseworker")
    assert "customers.serve_customer" not in held("caseworker")


def test_every_permission_that_a_role_names_exists(db):
    rows = Permission.objects.values_list("content_type__app_label", "codename")
    known = {f"{app}.{codename}" for app, codename in rows}
    assert {name for role in ROLES.values() for name in role.permissions} <= known


def test_role_that_was_widened_is_put_right_and_other_rights_stay(db):
    ensure_roles()
    group = Group.objects.get(name="analyst")
    group.permissions.add(Permission.objects.get(codename="view_case"), Permission.objects.get(codename="add_image"))
    ensure_roles()
    assert "cases.view_case" not in held("analyst")
    assert "wagtailimages.add_image" in held("analyst")


@staff_required("cases.view_case")
def staff_page(request):
    return HttpResponse("secret")


@resident_required
def own_page(request):
    return HttpResponse("own")


def test_staff_page_opens_for_the_right_people_only(dev, asha):
    assert staff_page(request_of(dev)).content == b"secret"
    assert staff_page(request_of(AnonymousUser())).url.startswith("/account/sign-in/")
    with pytest.raises(Http404):
        staff_page(request_of(asha.user))
    with pytest.raises(PermissionDenied):
        staff_page(request_of(factories.StaffFactory(roles=["analyst"])))
    assert staff_page(request_of(dev, proved=False)).url.startswith("/account/sign-in/again/second-step/")


def test_staff_without_any_role_enter_nothing(db):
    with pytest.raises(PermissionDenied):
        staff_page(request_of(factories.StaffFactory()))


def test_resident_page_asks_visitors_to_sign_in(asha):
    request = RequestFactory().get("/account/x/?a=1")
    request.user = AnonymousUser()
    assert own_page(request).url == "/account/sign-in/?next=/account/x/%3Fa%3D1"
    assert own_page(request_of(asha.user)).content == b"own"

"""Each element once: its markup, and that what people typed into it is escaped."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from barnet.kit import elements
from tests import factories

NASTY = '<script>alert(1)</script> & "Co"'


def _drawn(template: str, **values) -> BeautifulSoup:
    request = values.pop("request", None) or RequestFactory().get(values.pop("address", "/"))
    html = engines["django"].from_string(template).render({"nasty": NASTY, **values}, request)
    soup = BeautifulSoup(html, "html.parser")
    assert soup.find("script") is None
    assert soup.find(style=True) is None
    return soup


def test_button_sends_its_form_and_is_guarded_against_double_clicks():
    button = _drawn('{% button nasty name="what" value=nasty data_extra=nasty %}').button
    assert button.text == NASTY
    assert (button["type"], button["name"], button["value"], button["data-extra"]) == ("submit", "what", NASTY, NASTY)
    assert button["data-module"] == "govuk-button"


def test_button_with_an_address_is_a_link():
    link = _drawn('{% button "Start" href="/bins/" kind="start" %}').a
    assert (link["href"], link["role"]) == ("/bins/", "button")
    assert link.svg["aria-hidden"] == "true"


@pytest.mark.parametrize("kind", ["secondary", "warning", "inverse"])
def test_button_of_a_kind_wears_it(kind):
    assert f"govuk-button--{kind}" in _drawn("{% button 'Go' kind=kind %}", kind=kind).button["class"]


def test_breadcrumbs_link_all_but_the_page_itself():
    soup = _drawn("{% breadcrumbs items %}", items=[("Home", "/"), (NASTY, "")])
    assert [link["href"] for link in soup.find_all("a")] == ["/"]
    assert soup.find(attrs={"aria-current": "page"}).text == NASTY


def test_back_link_says_back():
    assert _drawn('{% back_link "/bins/" %}').a.text == "Back"


def test_summary_list_names_what_a_change_link_changes():
    soup = _drawn(
        "{% summary_list rows %}",
        rows=[("Name", NASTY, "/name/"), ("Bin", "Blue", "/bin/", "which bin"), ("Ward", "—")],
    )
    assert [value.text for value in soup.find_all(class_="govuk-summary-list__value")] == [NASTY, "Blue", "—"]
    assert [link.text for link in soup.find_all("a")] == ["Change name", "Change which bin"]
    assert len(soup.find_all(class_="govuk-summary-list__row--no-actions")) == 1


def test_table_marks_numbers_and_row_headers_and_scrolls_in_a_named_frame():
    soup = _drawn(
        "{% table head rows caption=nasty numeric='2' row_header=True %}", head=["Bin", "Count"], rows=[[NASTY, 3]]
    )
    frame = soup.find(attrs={"role": "region"})
    assert (frame["aria-label"], frame["tabindex"]) == (NASTY, "0")
    assert soup.caption.text == NASTY
    assert soup.tbody.th["scope"] == "row"
    assert "govuk-table__cell--numeric" in soup.tbody.td["class"]


def test_inset_warning_details_panel_and_tag_hold_their_words():
    soup = _drawn(
        "{% inset %}{{ nasty }}{% endinset %}{% warning nasty %}{% details nasty %}{{ nasty }}{% enddetails %}"
        "{% panel nasty nasty nasty %}{% tag_label nasty colour='blue' %}"
    )
    assert soup.text.count(NASTY) == 8
    assert soup.h1.text == NASTY
    assert not soup.details.has_attr("open")


def test_banner_of_success_is_an_alert_and_others_are_regions():
    soup = _drawn('{% banner %}<p>{{ nasty }}</p>{% endbanner %}{% banner nasty kind="success" %}Done{% endbanner %}')
    region, alert = soup.find_all(class_="govuk-notification-banner")
    assert (region["role"], region["aria-label"]) == ("region", "Important")
    assert (alert["role"], alert["aria-label"]) == ("alert", NASTY)
    assert region.p.text == NASTY


def test_messages_of_one_kind_share_a_banner():
    sent = [Message(constants.SUCCESS, "Saved"), Message(constants.ERROR, NASTY), Message(constants.SUCCESS, "Sent")]
    soup = BeautifulSoup(elements.message_banners(sent), "html.parser")
    banners = soup.find_all(class_="govuk-notification-banner")
    assert [[p.text for p in banner.find_all("p")] for banner in banners] == [[NASTY], ["Saved", "Sent"]]
    assert elements.message_banners([]) == ""


def test_task_list_links_what_can_start():
    soup = _drawn(
        "{% task_list rows %}", rows=[(NASTY, "/a/", "In progress", "blue", "Hint"), ("Later", "", "Cannot start yet")]
    )
    link = soup.find("a")
    assert link.text == NASTY
    assert all(soup.find(id=name) for name in link["aria-describedby"].split())
    assert len(soup.find_all("li")) == 2


def test_timeline_tells_what_when_who():
    at = dt.datetime(2026, 11, 23, 16, 5, tzinfo=dt.UTC)
    soup = _drawn(
        "{% timeline entries level=2 %}", entries=[(NASTY, at, NASTY, f"{NASTY}\nnext"), ("Then", "Today", "", "")]
    )
    first, second = soup.find_all("li")
    assert first.h2.text == NASTY
    assert first.time["datetime"] == at.isoformat()
    assert first.time.text == "23 November 2026, 4:05pm"
    assert first.br
    assert second.find(class_="portal-timeline__when").text == "Today"


def test_pagination_keeps_the_rest_of_the_address():
    page = Paginator(range(100), 10).get_page(5)
    soup = _drawn("{% pagination page %}", page=page, address="/list/?q=a%26b&team=1&team=2&page=5")
    assert soup.find(rel="prev")["href"] == "?q=a%26b&team=1&team=2&page=4"
    assert soup.find(rel="next")["href"] == "?q=a%26b&team=1&team=2&page=6"
    assert soup.find(attrs={"aria-current": "page"})["aria-label"] == "Page 5"
    assert len(soup.find_all(class_="govuk-pagination__item--ellipsis")) == 2


@pytest.mark.parametrize(("number", "previous", "following"), [(1, False, True), (3, True, False)])
def test_pagination_ends_at_both_ends(number, previous, following):
    soup = _drawn("{% pagination page %}", page=Paginator(range(30), 10).get_page(number))
    assert bool(soup.find(rel="prev")) is previous
    assert bool(soup.find(rel="next")) is following


def test_pagination_of_one_page_is_nothing():
    assert _drawn("{% pagination page %}", page=Paginator(range(3), 10).get_page(1)).text == ""


def _menu(user, path: str = "/", template: str = "{% site_navigation %}") -> list[tuple[str, str]]:
    request = RequestFactory().get(path)
    request.user = user
    soup = _drawn(template, request=request)
    return [(link.text.strip(), link.get("aria-current", "")) for link in soup.find_all("a")]


def test_menu_of_a_visitor_offers_to_sign_in_and_marks_where_one_is():
    assert _menu(AnonymousUser(), "/services/missed-bin/") == [
        ("Home", ""),
        ("Services", "true"),
        ("Bins", ""),
        ("Report", ""),
        ("Sign in", ""),
    ]
    assert _menu(AnonymousUser(), "/bins/")[2] == ("Bins", "page")


def test_menu_without_a_request_offers_what_everybody_may_open():
    soup = BeautifulSoup(engines["django"].from_string("{% site_navigation %}").render({}), "html.parser")
    assert [link.text.strip() for link in soup.find_all("a")] == ["Home", "Services", "Bins", "Report", "My account"]


@pytest.mark.django_db
def test_menu_of_residents_and_staff_differs():
    resident, officer = factories.UserFactory(), factories.StaffFactory()
    assert [text for text, _current in _menu(resident)][4:] == ["My account", "Sign out"]
    assert [text for text, _current in _menu(officer)][4:] == ["My account", "Back office", "Sign out"]


@pytest.mark.django_db
def test_menu_of_the_back_office_shows_only_what_its_reader_may_open():
    template = '{% include "kit/staff_header.html" %}'
    officer = factories.StaffFactory()
    assert [text for text, _current in _menu(officer, template=template)] == ["Back office", "Sign out"]
    officer.user_permissions.add(Permission.objects.get(content_type__app_label="cases", codename="view_case"))
    officer = type(officer).objects.get(pk=officer.pk)
    assert ("Queue", "true") in _menu(officer, "/staff/cases/BAR-7K3M-29QD/", template)


def test_title_of_a_page_says_error_first_when_its_form_has_errors():
    template = '{% extends "base.html" %}{% block title %}Bins{% endblock %}'
    form = type("OneForm", (elements.BaseForm,), {"base_fields": {}})
    faulty = form({})
    faulty.add_error(None, "Wrong")
    for shown, title in [(None, "Bins – X"), (form(), "Bins – X"), (form({}), "Bins – X"), (faulty, "Error: Bins – X")]:
        html = engines["django"].from_string(template).render({"form": shown, "council_name": "X"})
        assert BeautifulSoup(html, "html.parser").title.text == title

"""The order through its pages, with plain HTML. Tuesday, 7 July 2026."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from barnet.customers.models import AccessRecord
from portal.cases.models import Case
from portal.waste.models import ContainerKind, ContainerOrder
from portal.waste.orders.forms import OrderForm
from portal.waste.orders.selectors import orderable
from tests.factories import StaffFactory
from tests.people import PortalClient
from tests.portal.waste.orders.conftest import put_on_rounds

pytestmark = pytest.mark.django_db
CHOSEN = {"recycling-240": "1", "food-caddy-kitchen": "1"}
WHY = {"reason-recycling-240": "damaged", "reason-food-caddy-kitchen": "lost"}
ABOUT = {"name": "Pat Example", "email": "pat@example.com", "phone": "020 7946 0123", "note": "By the gate"}


def url(step, home):
    return reverse(f"containers_{step}", args=[home.pk])


def typed(page, number=0):
    form = BeautifulSoup(page.content, "html.parser").select("main form[method=post]")[number]
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}


def check(client, home, **answers):
    page = client.get(url("tell", home), CHOSEN)
    return client.post(url("check", home), {**typed(page), **CHOSEN, **WHY, **ABOUT, **answers})


def test_visitor_orders_two_kinds_and_sees_both_references(client, home, served):
    assert "Recycling bin, 240 litres" in client.get(url("choose", home)).text
    page = check(client, home)
    assert "By the gate" in page.text
    assert not Case.objects.exists()
    done = client.post(url("check", home), typed(page, 1), follow=True)
    assert done.status_code == 200
    for case in Case.objects.all():
        assert case.reference in done.text
    assert Case.objects.count() == ContainerOrder.objects.count() == 2
    assert "21 July 2026" in done.text


def test_garden_bin_is_given_back_online_though_a_new_one_costs(client, home, served):
    put_on_rounds(home, "garden")
    assert "You can give it back." in client.get(url("choose", home)).text
    page = client.get(url("tell", home), {"garden-240": "1"})
    assert "We no longer need it" in page.text
    assert "It is damaged" not in page.text
    answers = {**typed(page), "reason-garden-240": "give_back", **ABOUT}
    done = client.post(url("check", home), typed(client.post(url("check", home), answers), 1), follow=True)
    assert "We promise to fetch it by" in done.text
    client.force_login(StaffFactory(roles=["collections"]))
    resolving = client.get(reverse("staff_case_act", args=[Case.objects.get().reference, "resolve"])).text
    assert "Taken away" in resolving
    assert "Delivered" not in resolving


def test_staff_who_serve_enter_no_receipt_for_what_is_given_back(client, home, served, asha):
    put_on_rounds(home, "garden")
    choices = orderable(home, timezone.localdate())
    garden = next(choice for choice in choices if choice.kind.code == "garden-240")

    def form(reason):
        answers = {"garden-240": "1", "reason-garden-240": reason, "submission_key": ""}
        return OrderForm(answers, chosen=[(garden, 1)], by_staff=True)

    assert "receipt" in form("damaged").errors
    assert "receipt" not in form("give_back").errors


def test_double_click_and_back_make_one_order(client, home, served):
    form = typed(check(client, home), 1)
    client.post(url("check", home), form)
    client.post(url("check", home), form)
    assert Case.objects.count() == 2


def test_confirmation_opens_in_the_browser_that_sent_it_only(client, home, served):
    done = client.post(url("check", home), typed(check(client, home), 1))
    assert client.get(done.url).status_code == 200
    assert PortalClient().get(done.url).status_code == 404


def test_answers_are_kept_when_something_is_wrong_or_changed(client, home, served):
    page = check(client, home, email="not an address", **{"reason-recycling-240": ""})
    assert "Say why." in page.text
    assert "By the gate" in page.text
    back = client.post(url("tell", home), typed(check(client, home), 0))
    assert "By the gate" in back.text
    assert BeautifulSoup(back.content, "html.parser").select_one("input[value=damaged][checked]")
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [
        {"recycling-240": "9"},
        {"recycling-240": "-1"},
        {"recycling-240": "x" * 5000},
        {"refuse-240": "1", "recycling-240": ""},
        {"reason-recycling-240": "new_home"},
        {"reason-recycling-240": "no such"},
        {"submission_key": "forged"},
        {"receipt": "TILL-1", "refuse-240": "1", "reason-refuse-240": "lost"},
    ],
)
def test_forged_fields_order_nothing_that_the_rules_forbid(client, home, served, forged):
    form = {**typed(check(client, home), 1), **forged}
    client.post(url("check", home), form)
    assert not ContainerOrder.objects.filter(kind__code="refuse-240").exists()
    assert not ContainerOrder.objects.exclude(number=1).exists()
    assert not ContainerOrder.objects.filter(reason="new_home").exists()


def test_nothing_chosen_is_said(client, home, served):
    page = client.get(url("tell", home), {"recycling-240": "0"})
    assert "Choose at least one container." in page.text


def test_what_changed_meanwhile_is_told_and_nothing_is_written(client, home, served):
    form = typed(check(client, home), 1)
    ContainerKind.objects.filter(code="recycling-240").update(most_ordered=1, offered_to="2026-07-01")
    page = client.post(url("check", home), form)
    assert "something has changed" in page.text
    assert not Case.objects.exists()


def test_what_costs_is_shown_with_its_price_and_who_takes_the_order(client, home, served):
    page = client.get(url("choose", home)).text
    assert "£74" in page
    assert "Contact us: we take the order and the payment together." in page
    assert 'name="refuse-240"' not in page


def test_homes_with_everything_on_order_and_unknown_homes(client, home, ordering):
    assert "nothing that you can order online" in client.get(url("choose", home)).text
    assert client.get("/bins/1/order/").status_code == 404


def test_finder_leads_to_the_home(client, home, served):
    page = client.get("/bins/order/")
    assert page.status_code == 200
    assert client.get("/bins/order/", {"uprn": home.pk}).url == url("choose", home)


def test_account_holder_is_not_asked_again_and_finds_the_order(client, home, served, asha, cara):
    client.force_login(asha.user)
    assert asha.email in client.get(url("tell", home), CHOSEN).text
    client.post(url("check", home), typed(check(client, home), 1))
    case = Case.objects.filter(customer=asha).first()
    address = reverse("account_request", args=[case.reference])
    assert client.get(address).status_code == 200
    client.force_login(cara.user)
    assert client.get(address).status_code == 404


def test_staff_see_the_order_on_the_case_and_leave_a_record(client, home, served):
    client.post(url("check", home), typed(check(client, home), 1))
    case = Case.objects.get(title__contains="Recycling")
    client.force_login(StaffFactory(roles=["adviser"]))
    page = client.get(reverse("staff_case", args=[case.reference]))
    assert "1 × Recycling bin, 240 litres" in page.text
    assert "Take away, or off the list" in page.text
    assert AccessRecord.objects.exists()


def test_catalogue_is_edited_by_those_who_may(client, ordering):
    kind = ContainerKind.objects.get(code="recycling-box")
    edit = reverse("wagtailsnippets_waste_containerkind:edit", args=[kind.pk])
    client.force_login(StaffFactory(roles=["administrator"]))
    form = BeautifulSoup(client.get(edit).content, "html.parser").select_one("form[method=post]")
    assert form is not None
    client.force_login(StaffFactory(roles=["adviser"]))
    assert client.get(edit).status_code in {302, 403}

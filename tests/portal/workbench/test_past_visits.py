"""Past visits: the list for who leads or helped, its record, and figures without names."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.enums import VisitEventKind
from barnet.customers.models import AccessRecord, AssistedVisit
from portal.cases.models import VisitRequest
from portal.cases.selectors.visits import VisitFilters, visit_figures, visits
from portal.cases.services import claim_case, make_claim_code, receive_case
from tests import factories

pytestmark = pytest.mark.django_db

LIST, FIGURES = "/staff/visit/past/", "/staff/figures/visits/"
HENDON, EDGWARE = "Hendon Library", "Edgware Library"


@pytest.fixture
def librarian():
    return factories.StaffFactory(email="librarian@example.com", roles=["librarian"])


@pytest.fixture
def lead():
    return factories.StaffFactory(email="lead@example.com", roles=["team_lead"])


def a_visit(helper, name="Vera Visitor", *, place=HENDON, minutes=10, how=VisitEventKind.FINISHED, days_ago=0, **more):
    customer = more.pop("customer", None) or factories.CustomerFactory(name=name, user=None)
    begun = timezone.now() - dt.timedelta(days=days_ago)
    ended = begun + dt.timedelta(minutes=minutes) if how else None
    return AssistedVisit.objects.create(
        customer=customer,
        helper=helper,
        purpose=f"Something of {name}",
        place=place,
        begun_at=begun,
        ended_at=ended,
        how_ended=how,
        submission_key=f"visit-{AssistedVisit.objects.count()}",
        **{"used_at": ended or begun, **more},
    )


def send(visit, key="a"):
    return receive_case(
        factories.ServiceFactory(),
        actor=Actor.in_person(visit.pk),
        submission_key=f"{visit.pk}-{key}",
        title="Ask us",
        customer=visit.customer,
    ).case


def read(client, user, address=LIST):
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_lead_sees_who_helped_whom_where_how_it_ended_and_what_was_sent(client, lead, librarian):
    visit = a_visit(librarian, how=VisitEventKind.LEFT)
    case = send(visit)
    page = read(client, lead)
    for words in ("Vera Visitor", HENDON, "librarian@example.com", "Left without an end", "Last used", case.reference):
        assert words in page
    assert f"/staff/cases/{case.reference}/" in page


def test_every_name_that_was_shown_is_on_record_once(client, lead, librarian):
    shown = a_visit(librarian)
    a_visit(librarian, customer=shown.customer)
    hidden = a_visit(librarian, "Olga Other", days_ago=40)
    read(client, lead)
    rows = AccessRecord.objects.filter(actor=lead, what="list of visits")
    assert [row.customer for row in rows] == [shown.customer]
    assert not AccessRecord.objects.filter(customer=hidden.customer).exists()


def test_nothing_shown_leaves_no_record(client, lead):
    assert "None." in read(client, lead)
    assert not AccessRecord.objects.filter(actor=lead).exists()


def test_who_helps_sees_their_own_alone_however_they_ask(client, librarian):
    colleague = factories.StaffFactory(email="colleague@example.com", roles=["librarian"])
    a_visit(colleague, "Walter Elsewhere", place=EDGWARE)
    a_visit(librarian)
    for query in ("", "?when=week", f"?place={EDGWARE}", f"?helper={colleague.pk}"):
        assert "Walter Elsewhere" not in read(client, librarian, LIST + query)
    assert visits(VisitFilters(helper=colleague), seen_by=librarian).get().helper == librarian
    assert "You see the visits that you began." in read(client, librarian)


def test_others_are_refused(client, asha):
    assert client.get(LIST).status_code == 302
    client.force_login(asha.user)
    assert client.get(LIST).status_code == 404
    client.force_login(factories.StaffFactory(roles=["analyst"]))
    assert client.get(LIST).status_code == 403
    assert client.get(FIGURES).status_code == 200


def test_who_may_not_see_requests_sees_how_many(client):
    helper = factories.StaffFactory(email="helper@example.com")
    grant(helper, "enter_back_office", "serve_customer", "view_customer")
    case = send(a_visit(helper))
    page = read(client, helper)
    assert case.reference not in page
    assert "1 request" in page


def grant(user, *names):
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))


def test_today_at_my_place_first_and_the_filters_narrow(client, lead, librarian):
    a_visit(lead, "Mine Today")
    a_visit(librarian, "Edgware Today", place=EDGWARE)
    a_visit(librarian, "Long Ago", days_ago=40)
    page = read(client, lead)
    assert "Mine Today" in page
    assert "Edgware Today" not in page
    assert "Long Ago" not in page
    assert "Edgware Today" in read(client, lead, f"{LIST}?when=today&place=")
    day = timezone.localdate() - dt.timedelta(days=40)
    days = f"since_day={day.day}&since_month={day.month}&since_year={day.year}"
    assert "Long Ago" in read(client, lead, f"{LIST}?{days}")
    assert "Long Ago" not in read(client, lead, f"{LIST}?when=week&{days}")


def test_by_end_and_by_account(client, lead, librarian, asha):
    a_visit(librarian, "Nora Nobody", how=VisitEventKind.IDLE)
    a_visit(librarian, customer=asha, has_account=True)
    a_visit(librarian, "Gus Goeson", how="")
    idle, going, own = (read(client, lead, f"{LIST}?{query}") for query in ("how=idle", "how=open", "account=with"))
    assert ("Nora Nobody" in idle, "Gus Goeson" in idle) == (True, False)
    assert ("Nora Nobody" in going, "Gus Goeson" in going) == (False, True)
    assert (str(asha) in own, "Nora Nobody" in own) == (True, False)


@pytest.mark.parametrize("query", ["when=never", "place=Nowhere", "how=x", "account=x", "when=days&since_day=99"])
def test_a_filter_that_makes_no_sense_is_said_and_shows_nobody(client, lead, librarian, query):
    a_visit(librarian)
    client.force_login(lead)
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()
    assert "Vera Visitor" not in answer.content.decode()
    assert not AccessRecord.objects.filter(actor=lead).exists()


def test_one_visit_or_three_cost_the_same(client, lead, librarian):
    client.force_login(lead)
    counts = []
    for number in range(3):
        visit = a_visit(librarian, f"Vera {number}")
        send(visit)
        send(visit, "b")
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[2], counts


def test_a_request_stays_the_visits_when_it_joins_an_account(librarian, asha):
    visit = a_visit(librarian)
    case = send(visit)
    slip = make_claim_code(case, actor=Actor.in_person(visit.pk), submission_key="slip")
    assert claim_case(asha.user, reference=case.reference, code=slip.code)
    assert VisitRequest.objects.get().visit == visit
    assert VisitRequest.objects.get().case.customer == asha


def test_what_staff_send_outside_of_a_visit_is_nobodys_visit(librarian):
    receive_case(factories.ServiceFactory(), actor=Actor.staff(librarian), submission_key="x", title="Ask us")
    assert not VisitRequest.objects.exists()


def test_figures_by_place_with_the_median_and_the_requests(client, librarian):
    for minutes in (4, 10, 30):
        a_visit(librarian, minutes=minutes)
    send(a_visit(librarian, how=""))
    left = a_visit(librarian, place=EDGWARE, minutes=240, how=VisitEventKind.LEFT, has_account=True)
    AssistedVisit.objects.filter(pk=left.pk).update(used_at=left.begun_at + dt.timedelta(minutes=6))
    a_visit(librarian, days_ago=40)
    now = timezone.now()
    edgware, hendon = visit_figures(now - dt.timedelta(days=1), now + dt.timedelta(days=1))
    assert (hendon.place, hendon.visits, hendon.with_request, hendon.left, round(hendon.minutes)) == (
        HENDON,
        4,
        1,
        0,
        10,
    )
    assert (edgware.visits, edgware.with_account, edgware.left, round(edgware.minutes)) == (1, 1, 1, 6)
    page = read(client, factories.StaffFactory(roles=["analyst"]), FIGURES)
    assert HENDON in page
    assert "Vera Visitor" not in page
    file = b"".join(client.get(f"{FIGURES}?format=csv").streaming_content).decode()
    assert "Edgware Library,1,1,0,1,6" in file


def test_figures_of_days_that_make_no_sense_are_refused(client):
    client.force_login(factories.StaffFactory(roles=["analyst"]))
    assert client.get(f"{FIGURES}?since_day=99").status_code == 400
    assert "Nobody was helped" in client.get(FIGURES).content.decode()


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"place": HENDON}, "visit_by_place"),
        ({"how_ended": "left"}, "visit_by_end"),
        ({"has_account": True}, "visit_by_account"),
        ({"helper": 1}, "visit_by_helper"),
    ],
)
def test_every_filter_has_an_index(filters, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("DROP INDEX customers_assistedvisit_begun_at_38150f86")  # would do for a table without rows
    plan = AssistedVisit.objects.filter(**filters).order_by("-begun_at").explain()
    assert index in plan, plan

"""Key by key and call by call: what a key of another system reaches of three services, one of which is not public."""

from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.cases.models import Case
from portal.open311.models import ServiceAllowance
from portal.reports.models import About, PublicReport, PublicService
from portal.reports.selectors import to_check
from portal.reports.services import open_service
from tests.factories import ServiceFactory, StaffFactory
from tests.portal.open311.conftest import LAT, LONG, System

pytestmark = pytest.mark.django_db

STREET, HOLE, STORE = "street-light", "pothole", "lamp-store"  # the last is not public


@pytest.fixture(autouse=True)
def no_calls_before():
    cache.clear()


@pytest.fixture
def services(lamps):
    hole, store = ServiceFactory(slug=HOLE, name="Pothole"), ServiceFactory(slug=STORE, name="Lamp store")
    PublicService.objects.create(service=hole, about=About.STREET)
    return {STREET: lamps.service, HOLE: hole, STORE: store}


@pytest.fixture
def allow(services):
    def allow(system, slug, **may):
        return ServiceAllowance.objects.create(api_key=system.key, service=services[slug], **may)

    return allow


@pytest.fixture
def systems(services, allow):
    """Each with its key."""
    made = {name: System(name) for name in ("unlimited", "reader", "writer", "firm", "stranger")}
    made["nobody"] = System("nobody", scopes=["forms:fill"])
    allow(made["reader"], STREET, may_report=False)
    allow(made["writer"], STREET, may_read=False)
    allow(made["firm"], STORE), allow(made["firm"], STREET)
    allow(made["stranger"], HOLE)
    return made


def send(system, slug, **more):
    fields = {"api_key": system.secret, "service_code": slug, "lat": LAT, "long": LONG, **more}
    fields |= {"attribute[problem]": "out"} if slug == STREET else {}
    return system.client.post("/api/open311/v2/requests.json", fields)


@pytest.fixture
def reports(systems):
    """One of each service: those that are public from a key without limits, the other from the firm."""
    senders = {STREET: "unlimited", HOLE: "unlimited", STORE: "firm"}
    answers = {slug: send(systems[name], slug).json() for slug, name in senders.items()}
    return {slug: answer[0]["service_request_id"] for slug, answer in answers.items()}


KEYS = ["unlimited", "reader", "writer", "firm", "stranger", "nobody"]
SEES = {
    "unlimited": {STREET, HOLE},
    "reader": {STREET},
    "writer": {STREET},
    "firm": {STREET, STORE},
    "stranger": {HOLE},
}
READS = {**SEES, "writer": set()}
REPORTS = {**SEES, "reader": set()}


def expected(name, slug, allowed):
    """The status: 404 of what is not public and not named, so that nobody learns that it is there."""
    if name == "nobody":
        return 403
    if slug in allowed[name]:
        return 200
    return 404 if slug == STORE and STORE not in SEES[name] else 403


@pytest.mark.parametrize("name", KEYS)
def test_services_that_are_listed(systems, name):
    answer = systems[name].get("services.json", api_key=systems[name].secret)
    if name == "nobody":
        assert (answer.status_code, answer.json()[0]["code"]) == (403, 403)
    else:
        assert {row["service_code"] for row in answer.json()} == SEES[name]


@pytest.mark.parametrize("slug", [STREET, HOLE, STORE])
@pytest.mark.parametrize("name", KEYS)
class TestOneService:
    def test_definition(self, systems, name, slug):
        system = systems[name]
        assert system.get(f"services/{slug}.json", api_key=system.secret).status_code == expected(name, slug, SEES)

    def test_reporting(self, systems, name, slug):
        answer = send(systems[name], slug)
        assert answer.status_code == expected(name, slug, REPORTS)
        assert Case.objects.count() == (answer.status_code == 200)
        if answer.status_code != 200:
            assert answer.json()[0]["code"] == answer.status_code

    def test_requests_of_it(self, systems, reports, name, slug):
        system = systems[name]
        answer = system.get("requests.json", api_key=system.secret, service_code=slug)
        if name == "unlimited" and slug == STORE:
            assert answer.json() == []  # as of any name that is not there
            return
        assert answer.status_code == expected(name, slug, READS)
        if answer.status_code == 200:
            assert [row["service_request_id"] for row in answer.json()] == [reports[slug]]

    def test_one_request_and_its_token(self, systems, reports, name, slug):
        system, number = systems[name], reports[slug]
        wanted = 403 if name == "nobody" else 200 if slug in READS[name] else 404
        for path in (f"requests/{number}.json", f"tokens/{number}.json", f"requests/{number}.xml"):
            assert system.get(path, api_key=system.secret).status_code == wanted
        if name != "nobody":
            found = system.get("requests.json", api_key=system.secret, service_request_id=number).json()
            assert [row["service_request_id"] for row in found] == ([number] if wanted == 200 else [])

    def test_updates_of_it(self, systems, reports, name, slug):
        system = systems[name]
        answer = system.get("servicerequestupdates.json", api_key=system.secret)
        if name == "nobody":
            assert answer.status_code == 403
        else:
            told = {row["service_request_id"] for row in answer.json()}
            assert (reports[slug] in told) == (slug in READS[name])


@pytest.mark.parametrize("path", ["services", "requests", "servicerequestupdates", f"services/{STREET}"])
def test_without_a_key_everybody_reaches_what_is_public_and_a_wrong_key_nothing(systems, reports, path):
    system = systems["firm"]
    answer = system.get(f"{path}.json")
    assert answer.status_code == 200
    assert STORE not in answer.content.decode()
    assert reports[STORE] not in answer.content.decode()
    assert system.get(f"{path}.json", api_key="bar.wrong.key").status_code == 403


def test_without_a_key_what_is_not_public_is_not_there(systems, reports):
    system = systems["firm"]
    for path in (f"requests/{reports[STORE]}", f"tokens/{reports[STORE]}", f"services/{STORE}"):
        assert system.get(f"{path}.json").status_code == 404


def test_of_a_service_that_is_not_public_a_key_reads_only_its_own(systems, reports, allow):
    other = System("Other")
    allow(other, STORE)
    assert other.get("requests.json", api_key=other.secret).json() == []
    assert other.get(f"requests/{reports[STORE]}.json", api_key=other.secret).status_code == 404


def test_what_was_not_public_stays_so_when_its_service_becomes_public(systems, reports, services, dev):
    open_service(services[STORE], about=About.STREET)
    assert PublicReport.objects.get(case__reference=reports[STORE]).is_private
    anybody = systems["unlimited"].get("requests.json").json()
    assert reports[STORE] not in {row["service_request_id"] for row in anybody}
    assert reports[STORE] not in set(to_check(dev).values_list("case__reference", flat=True))
    assert send(systems["unlimited"], STORE).status_code == 200


def test_later_words_need_the_allowance_to_report(systems, reports, allow):
    system = systems["firm"]

    def tell(number):
        said = {"api_key": system.secret, "service_request_id": reports[STORE], "update_id": number}
        return system.client.post("/api/open311/v2/servicerequestupdates.json", {**said, "description": "Words"})

    assert tell("1").status_code == 200
    ServiceAllowance.objects.filter(api_key=system.key, service__slug=STORE).update(may_report=False)
    assert tell("2").status_code == 403
    assert tell("1").status_code == 200  # it has been taken


def test_constant_queries(systems, reports):
    system = systems["firm"]
    for path in ("services.json", "requests.json", "servicerequestupdates.json"):
        system.get(path, api_key=system.secret)  # notes that the key was used
        ServiceAllowance.objects.filter(api_key=system.key, service__slug=HOLE).delete()
        counts = []
        for _more in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert system.get(path, api_key=system.secret).status_code == 200
            counts.append(len(queries))
            send(system, STORE)
            ServiceAllowance.objects.get_or_create(
                api_key=system.key, service=PublicService.objects.get(service__slug=HOLE).service
            )
        assert counts[0] == counts[1]


def test_a_command_limits_a_key_and_says_what_it_reaches(systems, capsys):
    def run(*words):
        out, err = StringIO(), StringIO()
        call_command("allow_service", "unlimited", *words, stdout=out, stderr=err)
        return out.getvalue() + err.getvalue()

    assert "every public service" in run()
    assert run(STREET, HOLE, "--only", "read") == "unlimited may read pothole.\nunlimited may read street-light.\n"
    assert "may read and report pothole" in run(HOLE)
    assert "pothole" not in run(HOLE, "--revoke")
    assert "not limited any more" in run(STREET, "--revoke")
    with pytest.raises(CommandError, match="no service nowhere"):
        run(STREET, "nowhere")
    assert not ServiceAllowance.objects.filter(api_key=systems["unlimited"].key).exists()
    with pytest.raises(CommandError, match="scope"):
        call_command("allow_service", "nobody", STREET)
    with pytest.raises(CommandError, match="no key"):
        call_command("allow_service", "Nobody knows", STREET)


def test_an_allowance_of_nothing_or_twice_is_refused_by_the_database(systems, allow):
    for wrong in ({"may_read": False, "may_report": False}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            allow(systems["reader"], STREET if not wrong else HOLE, **wrong)


def test_an_administrator_says_it_on_a_page(client, systems, services, dev):
    url = reverse("wagtailsnippets_open311_serviceallowance:add")
    said = {"api_key": systems["unlimited"].key.pk, "service": services[HOLE].pk, "may_read": "on"}
    client.force_login(dev)
    assert client.post(url, said).status_code in {302, 403}
    assert not ServiceAllowance.objects.filter(api_key=systems["unlimited"].key).exists()
    client.force_login(StaffFactory(email="adminka@example.com", roles=["administrator"]))
    assert client.get(url).status_code == 200
    refused = client.post(url, {**said, "api_key": systems["nobody"].key.pk})
    assert b"does not open Open311" in refused.content
    assert (
        b"change that one"
        in client.post(url, {**said, "api_key": systems["reader"].key.pk, "service": services[STREET].pk}).content
    )
    assert b"read, report, or both" in client.post(url, {**said, "may_read": ""}).content
    assert client.post(url, said).status_code == 302
    row = ServiceAllowance.objects.get(api_key=systems["unlimited"].key)
    assert (row.may_read, row.may_report) == (True, False)
    page = client.get(reverse("wagtailsnippets_open311_serviceallowance:list")).content.decode()
    assert "Pothole" in page

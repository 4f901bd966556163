"""Every route × who asks × own or another's × method. Generated from the URL resolver: a new route is walked, too."""

import datetime as dt
import re
import uuid

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from barnet.catalogue.services import ensure_services
from barnet.customers.actors import Actor
from barnet.customers.models import Delegation, Invitation
from barnet.customers.staff.roles import ROLES
from barnet.notifications.enums import MessageChannel, MessageState
from barnet.notifications.models import MailboxMail, Message, PushDevice, SuppressedAddress
from portal.cases.models import Attachment, Case, SentFile
from portal.cases.services import receive_case
from portal.smartforms.models import Answer, Draft, FormFile, MoreAsked, Submission
from portal.smartforms.publishing import import_form
from portal.waste.models import AssistedCollection
from tests import factories
from tests.house import access
from tests.people import PortalClient

METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]
ROUTES = access.routes()
HOUSE_ROUTES = [route for route in ROUTES if not route.is_authoring]
AUTHORING_ROUTES = [route for route in ROUTES if route.is_authoring]
AUTHORING_PARTS = 16  # each signs three people in once: there are many hundreds of these routes
# Words that only Asha, who may act for her, and staff may read.
SECRETS = ["Asha Owner", "asha@example.com", "the gate code is 4711", "020 7946 0999"]
ANSWERED = {200, 204, 301, 302, 400, 404, 405, 409, 413, 429}

A_FORM = {
    "slug": "missed-bin",
    "title": "A form",
    "summary": "With one question.",
    "service": "missed-bin",
    "steps": [
        {
            "key": "start",
            "title": "What",
            "questions": [{"key": "what", "kind": "short_text", "label": "What is it?"}],
        }
    ],
    "outcomes": [{"key": "sent", "title": "We have it"}],
    "destinations": [{"service": "missed-bin", "case_title": "A form"}],
}


def test_every_route_is_classified():
    unknown = [f"{route.name} ({route.address})" for route in ROUTES if not access.rule_for(route)]
    assert not unknown, "not in tests/house/access.py"


def test_no_rule_is_left_over():
    assert set(access.RULES) <= {route.name for route in ROUTES}


@pytest.fixture
def world(asha, ben, cara, tmp_path):
    """What belongs to Asha, by the names of the parameters in the addresses."""
    ensure_services()
    home = factories.AddressFactory()
    asha.address, asha.phone = home, "020 7946 0999"
    asha.save()
    case = receive_case(
        factories.ServiceFactory(),
        actor=Actor.online(asha.user, asha),
        submission_key="walk",
        title="Missed bin: recycling",
        details=[["Note", "the gate code is 4711"]],
        customer=asha,
        address=home,
        location=home.location,
    ).case
    photo = Attachment(case=case, name="bin.jpg", content_type="image/jpeg", size=3, sha256="0" * 64)
    photo.file.save("bin.jpg", ContentFile(b"jpg"))
    SentFile.objects.create(entry=case.timeline.first(), attachment=photo)
    message = Message.objects.create(
        idempotency_key="walk",
        template_key="case-received",
        channel=MessageChannel.INBOX,
        customer=asha,
        subject="Asha Owner, we have your request",
        body="the gate code is 4711",
        state=MessageState.SENT,
    )
    invitation = Invitation.objects.create(
        principal=asha,
        invited_by=asha.user,
        way="email",
        email="ben@example.com",
        covers_everything=True,
        expires_at=timezone.now() + dt.timedelta(days=1),
        submission_key="walk",
    )
    held = AssistedCollection.objects.create(
        case=case,
        address=home,
        customer=asha,
        stands="rear",
        gate_code="the gate code is 4711",
        from_on=timezone.localdate(),
        review_on=timezone.localdate() + dt.timedelta(days=365),
    )
    MailboxMail.objects.create(message_id="walk", to="nobody@example.com", subject="Hello", body="Hello")
    device = PushDevice.objects.create(customer=asha, endpoint="https://push.example/walk", name="Firefox on Linux")
    version = import_form(A_FORM, by=None)
    draft = Draft.objects.create(
        form=version.form,
        version=version,
        customer=asha,
        right="self",
        channel="web",
        answers={"what": "the gate code is 4711"},
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    more = Draft.objects.create(
        form=version.form,
        version=version,
        customer=asha,
        right="self",
        channel="web",
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    MoreAsked.objects.create(
        submission=Submission.objects.create(
            version=version, case=case, outcome="sent", started_at=timezone.now(), right="self", channel="web"
        ),
        draft=more,
        questions=["what"],
        why="the gate code is 4711",
        asked_by=factories.StaffFactory(),
        expires_at=more.expires_at,
        submission_key="walk",
    )
    proof = FormFile(draft=draft, question="proof", name="a.pdf", content_type="application/pdf", size=3, sha256="0")
    proof.file.save("a", ContentFile(b"pdf"))
    sent, letter = _sent(case, asha)
    paper = factories.DocumentFactory(customer=asha)
    return {
        "paper": paper.pk,
        "draft": draft.pk,
        "more": more.pk,
        "sent_file": letter,
        "answer": sent.answers.get(path="what").pk,
        "proof_file": proof.pk,
        "device": device.pk,
        "case": case,
        "reference": case.reference,
        "uprn": home.pk,
        "slug": "missed-bin",
        "act": "note",
        "step": "need",
        "held": held.pk,
        "photo": photo.pk,
        "message": message.pk,
        "customer": asha.pk,
        "authority": Delegation.objects.get(principal=asha, delegate=ben).pk,
        "invitation": invitation.pk,
        "mail": MailboxMail.objects.get().pk,
        "point": asha.contact_points.get(kind="landline").pk,
        "suppressed": SuppressedAddress.objects.create(channel="email", address="gone@example.com", reason="gone").pk,
    }


def _sent(case, asha) -> tuple[Submission, uuid.UUID]:
    """The case was made with a form: one answer in words, one with a file."""
    sent = Submission.objects.get(case=case)
    sent.actor, sent.subject = asha.user, asha
    sent.save()
    letter = FormFile(submission=sent, question="proof", name="b.pdf", content_type="application/pdf", size=3)
    letter.file.save("b", ContentFile(b"pdf"))
    words = "the gate code is 4711"
    Answer.objects.create(submission=sent, path="what", kind="short_text", value=words, words=words, position=0)
    value = [{"id": str(letter.pk), "name": "b.pdf", "size": 3}]
    Answer.objects.create(submission=sent, path="proof", kind="files", value=value, words="b.pdf", position=1)
    return sent, letter.pk


def address_of(route: access.Route, world) -> str:
    """The route with Asha's things in its parameters."""
    pk = {
        "staff_answer_correct": world["answer"],
        **dict.fromkeys(["case_photo", "case_file", "chat_file", "staff_file_erase"], world["photo"]),
        **dict.fromkeys(
            "account_document account_document_scan account_document_remove staff_document staff_document_scan"
            " staff_document_withdraw".split(),
            world["paper"],
        ),
        "account_message": world["message"],
        "staff_message": world["message"],
        "staff_message_resend": world["message"],
        "mailbox_mail": world["mail"],
        "account_authority": world["authority"],
        "staff_authority": world["authority"],
        "staff_authority_end": world["authority"],
        "staff_authority_renew": world["authority"],
        "account_authority_renew": world["authority"],
        **dict.fromkeys(["account_contact_prove", "account_contact_prefer", "account_contact_remove"], world["point"]),
        "account_push_remove": world["device"],
        "staff_suppressed_lift": world["suppressed"],
        **dict.fromkeys(
            "assisted_arrangement assisted_change assisted_end assisted_confirm staff_assisted"
            " staff_assisted_review staff_assisted_place staff_assisted_end".split(),
            world["held"],
        ),
        "account_invitation": world["invitation"],
        "account_invitation_withdraw": world["invitation"],
    }.get(route.name, world["customer"])
    known = {
        **{name: world[name] for name in ("reference", "uprn", "slug", "act", "step")},
        "pk": pk,
        "topic": "bins",
        "draft_id": world["more" if route.name == "form_more" else "draft"],
        "file_id": world["proof_file"] if route.name == "form_file" else world["sent_file"],
        "photo_pk": 1,
        "step_key": "start",
        "number": 1,
        "token": "forged",
        "proof": "forged",
        "status": 404,
        "kind": "late",
        "path": "nothing.png",
        "uidb36": "1",
        "key": "a-b",
        "restriction_id": 1,
        "page_view_restriction_id": 1,
        "page_id": 1,
    }
    wanted = {name: known[name] for name in route.pattern.pattern.regex.groupindex}
    unnamed = {"wagtaildocs_serve": [1, "x.pdf"], "wagtail_serve": [""]}.get(route.name)
    if not route.name:
        return f"/{route.address}"
    return reverse(route.name, args=unnamed) if unnamed else reverse(route.name, kwargs=wanted)


def client_of(user=None) -> PortalClient:
    client = PortalClient(raise_request_exception=True)
    if user:
        client.force_login(user)
    return client


def ask(client, method, address):
    return getattr(client, method)(address, HTTP_ACCEPT="text/html")


def assert_nothing_leaks(response):
    text = b"".join(response.streaming_content) if response.streaming else response.content
    assert not [secret for secret in SECRETS if secret.encode() in text]


def is_sent_to_sign_in(response) -> bool:
    return response.status_code == 302 and response["Location"].startswith("/account/sign-in/")


def of_door(*doors):
    chosen = [route for route in HOUSE_ROUTES if (rule := access.rule_for(route)) and rule.door in doors]
    return pytest.mark.parametrize("route", chosen, ids=lambda route: route.name or route.address)


@of_door(access.PUBLIC, access.SIGN_IN, access.DEVELOPMENT)
def test_public_routes_answer_everybody_and_leak_nothing(route, world, asha, cara, dev):
    address = address_of(route, world)
    for user in (None, cara.user, dev):
        for method in METHODS:
            response = ask(client_of(user), method, address)
            assert response.status_code in ANSWERED | {403, 503}, (method, user, response.status_code)
            if access.rule_for(route).door != access.DEVELOPMENT:  # the demo's own Asha is on those pages
                assert_nothing_leaks(response)


@of_door(access.SIGNED_IN)
def test_signed_in_routes_send_visitors_to_sign_in_and_show_everybody_their_own(route, world, cara, dev):
    address = address_of(route, world)
    for method in METHODS:
        response = ask(client_of(), method, address)
        assert is_sent_to_sign_in(response) or response.status_code == 405, (method, response.status_code)
        for user in (cara.user, dev):
            response = ask(client_of(user), method, address)
            assert response.status_code in ANSWERED, (method, user, response.status_code)
            assert_nothing_leaks(response)


@of_door(access.OWN)
def test_own_routes_are_not_found_by_strangers_and_change_nothing_for_them(route, world, asha, cara, dev):
    address, case = address_of(route, world), world["case"]
    before = (Case.objects.values().get(pk=case.pk), case.timeline.count())
    by_right = set(access.rule_for(route).permissions)
    strangers = [None, cara.user, factories.StaffFactory(roles=["analyst"]), *([] if by_right else [dev])]
    for user in strangers:
        client = client_of(user)
        for method in METHODS:
            response = ask(client, method, address)
            refused = response.status_code in {404, 405} or (user is None and is_sent_to_sign_in(response))
            assert refused, (method, user, response.status_code)
            assert_nothing_leaks(response)
    assert (Case.objects.values().get(pk=case.pk), case.timeline.count()) == before


@of_door(access.OWN)
def test_own_routes_open_for_their_owner_and_her_delegate(route, world, asha, ben):
    if route.name in {"missed_bin_reported", "assisted_sent", "containers_ordered", "claim_code"}:
        pytest.skip("opens for one browser, not for a person: tests/portal/waste and tests/portal/cases have it")
    address, rule = address_of(route, world), access.rule_for(route)
    for customer in (asha, ben):
        statuses = {ask(client_of(customer.user), method, address).status_code for method in METHODS}
        assert statuses <= ANSWERED
        opens = bool(statuses - {404, 405})
        assert opens == (customer == asha or rule.is_anyones), (customer, statuses)


@of_door(access.STAFF)
def test_staff_routes_are_not_found_by_residents(route, world, asha, ben, cara):
    address = address_of(route, world)
    visitor = client_of()
    for method in METHODS:
        assert is_sent_to_sign_in(ask(visitor, method, address)), method
    for customer in (asha, ben, cara):
        client = client_of(customer.user)
        for method in METHODS:
            response = ask(client, method, address)
            assert response.status_code == 404, (method, customer)
            assert "the gate code is 4711" not in response.content.decode()


@of_door(access.STAFF)
def test_staff_routes_open_by_permission_only(route, world):
    """Every role; every method for the first that is let in and the first that is not, then what browsers send."""
    address, needed = address_of(route, world), set(access.rule_for(route).permissions)
    tried = set()
    for name, role in ROLES.items():
        is_let_in = needed <= set(role.permissions)
        methods = ["get", "post"] if is_let_in in tried else METHODS
        tried.add(is_let_in)
        client = client_of(factories.StaffFactory(roles=[name]))
        for method in methods:
            response = ask(client, method, address)
            if is_let_in:
                assert response.status_code in ANSWERED | {403}, (name, method, response.status_code)
            else:
                assert response.status_code in {403, 404, 405}, (name, method, response.status_code)
                assert_nothing_leaks(response)


@of_door(access.STAFF)
def test_staff_routes_show_nothing_of_a_request_of_another_team(route, world):
    """Every role that is let in, in a team that sees requests of another service only."""
    if route.name == "staff_assisted":
        pytest.skip("names the request by which an arrangement was asked for: a right of its own")
    address, needed = address_of(route, world), set(access.rule_for(route).permissions)
    team = factories.TeamFactory()
    team.services.add(factories.ServiceFactory(slug="parking", name="Parking"))
    for name, role in ROLES.items():
        if not needed <= set(role.permissions):
            continue
        user = factories.StaffFactory(roles=[name])
        team.members.add(user)
        response = ask(client_of(user), "get", address)
        if "reference" in route.pattern.pattern.regex.groupindex and route.name != "staff_chat_live":  # says nothing
            assert response.status_code in {403, 404, 405}, (name, response.status_code)
        text = b"".join(response.streaming_content) if response.streaming else response.content
        assert world["reference"] not in text.decode().replace(address, ""), name


@of_door(access.STAFF)
def test_staff_routes_stay_shut_without_a_second_factor(route, world):
    user = factories.StaffFactory(roles=["team_lead", "administrator"])
    client = PortalClient()
    super(PortalClient, client).force_login(user)
    for method in METHODS:
        response = ask(client, method, address_of(route, world))
        assert response.status_code == 302
        assert response["Location"].startswith("/account/security/second-step/")


ASSETS = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}  # pictures and words of the admin, for all staff


@pytest.mark.parametrize("part", range(AUTHORING_PARTS))
def test_authoring_routes_are_shut_for_all_but_authors(part, asha, dev):
    visitor, resident, officer = client_of(), client_of(asha.user), client_of(dev)
    for route in AUTHORING_ROUTES[part::AUTHORING_PARTS]:
        address = some_address(route)
        for method in ("get", "post"):
            assert is_sent_to_sign_in(ask(visitor, method, address)), (route, method)
            answer = ask(resident, method, address)
            is_put_right = answer.status_code == 301 and answer["Location"] == f"{address}/"
            assert answer.status_code == 404 or is_put_right, (route, method)
            status = ask(officer, method, address).status_code
            is_shut = status in {301, 302, 403, 404, 405} or (route.name in ASSETS and status == 200)
            assert is_shut, (route, method, status)


def some_address(route: access.Route) -> str:
    """Something in every parameter: what it is does not matter, because the door comes before it."""
    filled = re.sub(r"<(\w+:)?\w+>", lambda found: str(uuid.UUID(int=1)) if found[1] == "uuid:" else "1", route.address)
    return "/" + re.sub(r"\(\?P1[^)]*\)|\([^)]*\)|[\^$\\?]", lambda found: "1" if "(" in found[0] else "", filled)

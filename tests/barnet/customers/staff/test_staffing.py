"""Joiners, movers and leavers: by command, with a record of each."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from barnet.customers.enums import StaffChange, StaffSource
from barnet.customers.models import StaffEvent, User
from barnet.customers.staff import leaving, staffing
from barnet.customers.staff.roles import ensure_roles
from tests import factories
from tests.factories import PASSWORD

WHY = staffing.Cause(StaffSource.COMMAND, "the operator", reason="Because of a test")


@pytest.fixture(autouse=True)
def roles(db):
    ensure_roles()


def run(name, *words, **options):
    call_command(name, *words, **options)


def test_joiner_gets_a_login_with_roles_and_no_password(capsys):
    run("staff_join", "New.Officer@example.com", "--role", "adviser", "--name", "Ines Van Adviser", "--reason", "Hired")

    user = User.objects.get(email="new.officer@example.com")
    assert user.is_staff
    assert user.has_perm("customers.serve_customer")
    assert not user.has_usable_password()
    assert (user.first_name, user.last_name) == ("Ines", "Van Adviser")
    event = StaffEvent.objects.get(user=user)
    assert (event.kind, event.roles_before, event.roles) == (StaffChange.JOINED, [], ["adviser"])
    assert (event.source, event.reason, event.actor) == (StaffSource.COMMAND, "Hired", None)
    assert event.done_by.endswith("on the server")
    assert "Roles before: none; now: adviser." in capsys.readouterr().out


def test_joining_again_changes_nothing_and_leaves_no_second_record(capsys):
    for _ in range(2):
        run("staff_join", "new@example.com", "--role", "adviser")
    assert StaffEvent.objects.count() == 1
    assert "it is so already" in capsys.readouterr().out


def test_dry_run_tells_the_truth_and_changes_nothing(capsys, django_capture_on_commit_callbacks):
    with capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
        run("staff_join", "new@example.com", "--role", "adviser", "--dry-run")
    assert "staff_changed" not in str(lines)
    assert "Dry run, nothing is changed. new@example.com: joined." in capsys.readouterr().out
    assert not User.objects.filter(email="new@example.com").exists()
    assert not StaffEvent.objects.exists()
    with capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
        run("staff_join", "new@example.com", "--role", "adviser")
    assert "staff_changed" in str(lines)


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("staff_join", ["new@example.com", "--role", "emperor"], "There is no role emperor. The roles are: adviser,"),
        ("staff_join", ["no address", "--role", "adviser"], "is not an e-mail address"),
        ("staff_join", ["dev@example.com", "--role", "adviser"], "works here already, with other roles"),
        ("staff_move", ["nobody@example.com", "--role", "adviser"], "Nobody signs in as nobody@example.com."),
        ("staff_move", ["asha@example.com", "--role", "adviser"], "asha@example.com does not work here."),
        ("staff_leave", ["asha@example.com"], "asha@example.com does not work here."),
        ("staff_list", ["--unused-for", "-1"], "a number of days"),
    ],
)
def test_bad_input_says_why_and_changes_nothing(command, words, said, dev, asha):
    with pytest.raises(CommandError, match=said):
        run(command, *words)
    assert list(dev.groups.values_list("name", flat=True)) == ["caseworker"]
    assert not User.objects.filter(email="new@example.com").exists()
    assert not StaffEvent.objects.exists()


def test_resident_who_is_hired_keeps_their_login(asha):
    run("staff_join", "asha@example.com", "--role", "librarian")
    user = User.objects.get(email="asha@example.com")
    assert user.pk == asha.user_id
    assert user.is_staff
    assert user.check_password(PASSWORD)


def test_password_of_a_stranger_who_registered_the_address_before_opens_nothing():
    early = factories.UserFactory(email="new@example.com", verified_email=False)
    EmailAddress.objects.create(user=early, email=early.email, verified=False, primary=True)
    run("staff_join", "new@example.com", "--role", "administrator")
    assert not User.objects.get(pk=early.pk).has_usable_password()


def test_mover_has_exactly_the_named_roles_in_open_sessions_too(client, dev):
    others = Group.objects.create(name="A group that is no role")
    dev.groups.add(others)
    client.force_login(dev)
    assert client.get("/staff/cases/").status_code == 200

    run("staff_move", "dev@example.com", "--role", "analyst", "--reason", "Promoted")
    run("staff_move", "dev@example.com", "--role", "analyst", "--reason", "Promoted")

    assert staffing.roles_of(dev) == ["analyst"]
    assert others in dev.groups.all()
    assert client.get("/staff/cases/").status_code == 403
    event = StaffEvent.objects.get(user=dev)
    assert (event.kind, event.roles_before, event.roles) == (StaffChange.MOVED, ["caseworker"], ["analyst"])


def test_leaver_is_out_at_once_and_keeps_nothing_that_opens_the_account(client, dev, capsys):
    client.force_login(dev)
    assert client.get("/staff/").status_code == 200

    run("staff_leave", "dev@example.com", "--reason", "Left")
    run("staff_leave", "dev@example.com", "--reason", "Left")

    assert client.get("/staff/").url.startswith("/account/sign-in/")
    dev.refresh_from_db()
    assert not dev.is_active
    assert not dev.has_usable_password()
    assert not dev.groups.exists()
    assert not Authenticator.objects.filter(user=dev).exists()
    event = StaffEvent.objects.get(user=dev)
    assert (event.kind, event.roles_before, event.roles) == (StaffChange.LEFT, ["caseworker"], [])
    assert "it is so already" in capsys.readouterr().out


def test_old_session_stays_ended_when_a_leaver_comes_back(dev):
    client = Client()
    client.force_login(dev)
    staffing.leave(dev, cause=WHY)
    back = staffing.join(dev.email, roles=["analyst"], cause=WHY).user
    assert back.pk == dev.pk
    assert back.is_active
    assert client.get("/account/").url.startswith("/account/sign-in/")
    assert [event.kind for event in StaffEvent.objects.order_by("pk")] == [StaffChange.LEFT, StaffChange.JOINED]


def test_open_cases_of_a_leaver_go_back_to_the_queue_of_their_team(dev, capsys):
    team = factories.TeamFactory()
    team.members.add(dev)
    held = factories.CaseFactory(team=team, assignee=dev, state="assigned")
    done = factories.CaseFactory(
        team=team, assignee=dev, state="resolved", outcome="done", public_reason="Done", submission_key="done"
    )

    run("staff_leave", "dev@example.com", "--dry-run")
    held.refresh_from_db()
    assert held.assignee == dev

    run("staff_leave", "dev@example.com")

    held.refresh_from_db()
    done.refresh_from_db()
    assert (held.team, held.assignee, held.state, held.version) == (team, None, "assigned", 1)
    assert done.assignee == dev  # who did it stays
    assert not team.members.exists()
    entry = held.timeline.get()
    assert entry.public_text == ""
    assert "no longer works here" in entry.internal_text
    assert StaffEvent.objects.get().handed_back == "1 open request went back to its queue."
    assert capsys.readouterr().out.count("1 open request went back to its queue.") == 2


def test_two_rooms_cannot_hand_back_under_one_name():
    with pytest.raises(ImproperlyConfigured):
        leaving.register("cases", lambda leaver, *, actor: "")


def test_record_cannot_be_changed_or_deleted(dev):
    staffing.move(dev, roles=["analyst"], cause=WHY)
    for change in (lambda: StaffEvent.objects.update(reason="Another"), StaffEvent.objects.all().delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()
    assert StaffEvent.objects.get().reason == "Because of a test"


def test_list_says_who_holds_what_and_who_is_gone_for_long(dev, asha, capsys, django_assert_num_queries):
    now = timezone.now()
    User.objects.filter(pk=dev.pk).update(last_login=now - dt.timedelta(days=100))
    factories.StaffFactory(email="fresh@example.com", roles=["adviser", "editor"], last_login=now)
    with django_assert_num_queries(2):
        run("staff_list")
    said = capsys.readouterr().out
    assert "fresh@example.com\t-\tadviser, editor\t" in said
    assert "asha@example.com" not in said
    assert said.endswith("2 accounts.\n")

    run("staff_list", "--unused-for", "90")
    said = capsys.readouterr().out
    assert "dev@example.com" in said
    assert "fresh@example.com" not in said

    run("staff_list", "--role", "editor")
    assert "dev@example.com" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["staff_join", "staff_move", "staff_leave", "staff_list"])
def test_help_has_an_example(name, capsys):
    with pytest.raises(SystemExit):
        run(name, "--help")
    assert f"Example: manage.py {name}" in capsys.readouterr().out

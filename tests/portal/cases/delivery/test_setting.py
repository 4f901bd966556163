"""Setting an office: checked, recorded without a secret, and never one over another."""

import json
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import timezone

from portal.cases.delivery import addresses
from portal.cases.delivery.addresses import check_address, leads_home
from portal.cases.delivery.enums import DeliveryState, OfficeAct
from portal.cases.delivery.keys import OVERLAP, forget_ended_secrets, secrets_of
from portal.cases.delivery.nightly import COLUMNS, KIND
from portal.cases.delivery.sending import send_waiting
from portal.cases.delivery.setting import StaleOfficeError, make_secret, set_office, try_office
from portal.cases.delivery.signing import signed_headers
from portal.cases.models import BackOffice, Delivery, EndingSecret, OfficeChange
from tests import factories
from tests.portal.cases.delivery import georeport
from tests.portal.cases.delivery.office import SECRET
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def rotate(office, dev, *, at_once=False, key="one"):
    return make_secret(office, by=dev, at_once=at_once, submission_key=key)


def tell_us(case, secret):
    said = {
        "update_id": str(time.time_ns()),
        "reference": case.reference,
        "status": "note",
        "note": "Seen",
        "at": timezone.now(),
    }
    body = json.dumps(said, default=str).encode()
    path = "/api/v1/back-offices/lamps/updates/"
    headers = signed_headers(secret, body, now=time.time())
    return Client().post(path, body, content_type="application/json", headers=headers).status_code


def words():
    return [change.words for change in OfficeChange.objects.order_by("pk")]


# --- secrets ----------------------------------------------------------------------------------------------------------


def test_the_old_secret_counts_for_a_day_in_both_directions(lamps, lamp_office, receive, dev):
    case = receive()
    new = rotate(lamp_office, dev)
    assert send_waiting() == "1 sent, 0 failed"  # they know the old one
    assert lamps.refused == 1
    assert [tell_us(case, secret) for secret in (new, SECRET, "another" * 9)] == [200, 200, 401]
    lamps.secret = new
    receive(2)
    assert send_waiting() == "1 sent, 0 failed"
    assert lamps.refused == 1
    EndingSecret.objects.update(ends_at=timezone.now())
    assert [tell_us(case, secret) for secret in (new, SECRET)] == [200, 401]
    lamps.secret = SECRET
    receive(3)
    send_waiting()
    assert Delivery.objects.last().state == DeliveryState.GIVEN_UP
    assert forget_ended_secrets() == "1 forgotten"


def test_a_secret_that_others_may_know_ends_at_once(lamp_office, receive, dev):
    case = receive()
    first = rotate(lamp_office, dev)
    second = rotate(lamp_office, dev, at_once=True, key="two")
    assert [tell_us(case, secret) for secret in (SECRET, first, second)] == [401, 401, 200]


def test_replaced_again_and_again_each_counts_for_its_day(lamp_office, dev):
    lamp_office.refresh_from_db()
    made = [rotate(lamp_office, dev, key=f"form {number}") for number in range(3)]
    lamp_office.refresh_from_db()
    assert secrets_of(lamp_office) == [*reversed(made), SECRET]
    ends = EndingSecret.objects.values_list("ends_at", flat=True)
    assert all(abs(end - timezone.now() - OVERLAP).total_seconds() < 60 for end in ends)


def test_one_form_sent_twice_at_once_makes_one_secret(lamp_office, dev):
    made = at_once(3, lambda number: rotate(lamp_office, dev))
    assert sorted(bool(secret) for secret in made) == [False, False, True]
    assert OfficeChange.objects.count() == EndingSecret.objects.count() == 1


def test_no_secret_is_in_any_record_or_row_as_it_reads(lamp_office, dev):
    secret = rotate(lamp_office, dev)
    kept = [
        *words(),
        *EndingSecret.objects.values_list("sealed", flat=True),
        *BackOffice.objects.values_list("sealed_secret", flat=True),
    ]
    assert not any(known in text for text in kept for known in (secret, SECRET))
    assert OfficeChange.objects.get().by == dev


# --- the record -------------------------------------------------------------------------------------------------------


def test_what_changed_is_recorded_by_whom_and_cannot_be_edited(lamp_office, dev):
    tree = factories.ServiceFactory(slug="tree", name="Tree")
    lamp_office.url = "https://other.example/hooks?key=hidden"
    lamp_office.hears_contact = False
    set_office(lamp_office, [tree], by=dev, version=0)
    change = OfficeChange.objects.get()
    assert (change.act, change.by) == (OfficeAct.CHANGED, dev)
    lines = change.words.splitlines()
    assert lines[0].endswith("→ https://other.example/hooks")
    assert "Hears name, e-mail and telephone of who asked: yes → no" in lines
    assert lines[-2:] == ["Services added: Tree", "Services taken away: Street light"]
    assert "hidden" not in change.words
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        OfficeChange.objects.update(words="")


def test_a_command_leaves_a_record_too_and_the_same_again_none(capsys):
    factories.ServiceFactory(slug="street-light", name="Street light")
    said = ["back_office", "set", "lamps", "--url", "https://lamps.example/hooks", "--services", "street-light"]
    call_command(*said)
    call_command(*said)
    made = OfficeChange.objects.get()
    assert (made.act, made.by) == (OfficeAct.MADE, None)
    assert "Services added: Street light" in made.words
    call_command("back_office", "stop", "lamps")
    assert words()[1] == "Is used: yes → no"
    capsys.readouterr()
    call_command("back_office", "set", "lamps", "--new-secret")
    assert words()[2].splitlines() == ["Is used: no → yes", "Another secret"]
    assert BackOffice.objects.get().secret in capsys.readouterr().out
    assert EndingSecret.objects.count() == 1
    call_command("back_office", "set", "lamps", "--new-secret", "--at-once")
    assert not EndingSecret.objects.exists()


def test_a_short_secret_of_an_operator_is_refused(tmp_path, lamp_office):
    (tmp_path / "key").write_text("short")
    with pytest.raises(CommandError, match="at least 32"):
        call_command("back_office", "set", "lamps", "--secret-file", str(tmp_path / "key"))
    lamp_office.refresh_from_db()
    assert lamp_office.secret == SECRET


def test_of_two_who_set_it_the_second_is_told_and_the_same_again_is_no_change(lamp_office, dev):
    seen = [BackOffice.objects.get() for _person in range(3)]
    for office, name in zip(seen, ["One", "Two", "One"], strict=True):
        office.name = name
    set_office(seen[0], by=dev, version=0)
    with pytest.raises(StaleOfficeError):
        set_office(seen[1], by=dev, version=0)
    assert set_office(seen[2], by=dev, version=0).changes == []
    assert BackOffice.objects.get().name == "One"


def test_at_once_one_of_two_counts(lamp_office, dev):
    def act(number):
        office = BackOffice.objects.get()
        office.name = f"Name {number}"
        return set_office(office, by=dev, version=0)

    results = at_once(3, act)
    assert sorted(isinstance(result, StaleOfficeError) for result in results) == [False, True, True]


def test_setting_it_keeps_a_secret_that_was_made_meanwhile(lamp_office, dev):
    stale = BackOffice.objects.get()
    secret = rotate(lamp_office, dev)
    stale.name = "Another"
    set_office(stale, by=dev, version=0)
    assert BackOffice.objects.get().secret == secret


def test_the_key_of_another_kind_is_no_secret_of_ours(lamp_office, dev):
    lamp_office.kind = "open311"
    with pytest.raises(ValidationError, match="they gave it to us"):
        set_office(lamp_office, by=dev)
    set_office(lamp_office, by=dev, key_of_theirs="k-17")
    assert (BackOffice.objects.get().secret, EndingSecret.objects.count()) == ("k-17", 0)
    back = BackOffice.objects.get()
    back.kind = "webhook"
    done = set_office(back, by=dev)
    assert done.secret == BackOffice.objects.get().secret
    assert secrets_of(back) == [done.secret]


# --- addresses --------------------------------------------------------------------------------------------------------

HOME = ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "0.0.0.0",
        "169.254.169.254", "[fe80::1]", "[::ffff:127.0.0.1]", "224.0.0.1"]  # fmt: skip


@pytest.mark.parametrize("host", HOME)
def test_an_address_that_leads_home_is_refused_outside_of_development(settings, host):
    settings.DEVELOPMENT = False
    with pytest.raises(ValidationError, match="own machine"):
        check_address(f"https://{host}/hooks")
    settings.DEVELOPMENT = True
    check_address(f"https://{host}/hooks")


def test_a_private_network_is_where_a_council_keeps_its_systems_and_http_is_for_development(settings):
    settings.DEVELOPMENT = False
    check_address("https://10.1.2.3/hooks")
    with pytest.raises(ValidationError, match="https"):
        check_address("http://lamps.example/hooks")


def test_a_name_that_leads_home_is_not_called(lamps, make_office, receive, settings, monkeypatch):
    make_office(url=lamps.url)
    receive()
    settings.DEVELOPMENT = False
    assert leads_home(lamps.url)
    assert send_waiting() == "0 sent, 1 failed"
    assert lamps.calls == []
    assert "own machine" in Delivery.objects.get().last_error
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *said, **more: [(2, 1, 6, "", ("10.0.0.9", 0))])
    assert not leads_home("https://lamps.example/")


# --- a test -----------------------------------------------------------------------------------------------------------


def test_a_test_is_signed_about_nobody_and_told_plainly(lamps, lamp_office, receive, dev):
    receive(contact=None)
    is_taken, said = try_office(lamp_office, by=dev, submission_key="t1")
    assert is_taken
    assert "answered 200" in said
    assert "L-TEST" in said
    [call] = lamps.calls
    assert call["test"] is True
    assert (call["event"]["kind"], call["case"]["reference"], call["case"]["service"]) == (
        "test",
        "TEST",
        "street-light",
    )
    assert call["case"]["contact"] == {"name": "", "email": "", "phone": ""}
    assert not Delivery.objects.exclude(state=DeliveryState.WAITING).exists()
    assert [change.act for change in OfficeChange.objects.order_by("pk")] == [OfficeAct.TRIED, OfficeAct.ANSWERED]
    assert try_office(lamp_office, by=dev, submission_key="t1") is None
    assert len(lamps.calls) == 1


def test_what_it_refuses_is_said_in_its_words_and_not_kept(lamps, lamp_office, dev):
    lamps.answers = [503, 422]
    assert try_office(lamp_office, by=dev, submission_key="t1")[0] is False
    is_taken, said = try_office(lamp_office, by=dev, submission_key="t2")
    assert not is_taken
    assert said.startswith("422")
    assert words()[-1] == "It did not take the test."


def test_a_test_says_that_they_know_an_older_secret_only(lamp_office, dev):
    rotate(lamp_office, dev)
    is_taken, said = try_office(lamp_office, by=dev, submission_key="t1")
    assert is_taken
    assert "older secret only" in said


def test_nobody_there_and_no_secret_are_said(make_office, dev):
    away = make_office(url="http://127.0.0.1:9/")
    assert "No answer" in try_office(away, by=dev, submission_key="t1")[1]
    BackOffice.objects.update(sealed_secret="")
    away.refresh_from_db()
    assert "no secret yet" in try_office(away, by=dev, submission_key="t2")[1]


def test_an_office_of_open311_is_asked_for_its_services(make_office, dev):
    with georeport.running() as roads:
        pothole = factories.ServiceFactory(slug="pothole", name="Pothole")
        office = make_office("roads", kind="open311", url=roads.url, service=pothole, options={"code.pothole": "HOLE"})
        assert "does not list HOLE, our “Pothole”" in try_office(office, by=dev, submission_key="t1")[1]
        roads.codes = ["HOLE", "LAMP"]
        is_taken, said = try_office(office, by=dev, submission_key="t2")
        assert is_taken
        assert "lists 2 services" in said
        assert "does not list" not in said
        assert roads.posts == []


def test_an_office_of_files_gets_one_without_a_row(make_office, dev, settings, tmp_path):
    trees = make_office("trees", kind=KIND)
    assert try_office(trees, by=dev, submission_key="t1")[0]
    folder = settings.DELIVERY_FILES_ROOT / "trees"
    assert (folder / "trees-test.csv").read_text().strip() == ",".join(COLUMNS)
    assert (folder / "trees-test.csv.sha256").exists()
    settings.DELIVERY_FILES_ROOT = tmp_path / "file"
    settings.DELIVERY_FILES_ROOT.write_text("")
    assert "could not be written" in try_office(trees, by=dev, submission_key="t2")[1]

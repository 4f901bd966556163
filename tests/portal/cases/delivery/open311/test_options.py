"""An operator sets an office that speaks Open311."""

import json
import time

import pytest
from django.core.management import CommandError, call_command

from portal.cases.delivery.signing import signed_headers
from portal.cases.models import BackOffice
from tests import factories


def set_office(tmp_path, *options, secret="k", **more):
    file = tmp_path / "key"
    file.write_text(secret)
    given = [text for option in options for text in ("--option", option)]
    known = ["--kind", "open311", "--url", "https://roads.example/v2", "--secret-file", str(file)]
    call_command("back_office", "set", "roads", *known, *given, **more)


def test_an_operator_sets_the_office(tmp_path, db, capsys):
    factories.ServiceFactory(slug="pothole")
    set_office(tmp_path, "code.pothole=HOLE", "attribute.pothole.size=How big?", "updates=yes", secret="their key")
    office = BackOffice.objects.get()
    assert office.options == {"code.pothole": "HOLE", "attribute.pothole.size": "How big?", "updates": "yes"}
    assert office.secret == "their key"
    call_command("back_office", "set", "roads", "--option", "updates=")
    call_command("back_office", "list")
    told = capsys.readouterr().out
    assert "code.pothole=HOLE" in told
    assert "updates" not in BackOffice.objects.get().options
    assert "their key" not in told


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("updates=perhaps", "yes"),
        ("colour=red", "no option"),
        ("code.nowhere=X", "no service nowhere"),
        ("status.closed=resolved", "resolved:outcome"),
        ("updates", "name=value"),
        (f"jurisdiction={'x' * 201}", "200"),
    ],
)
def test_a_wrong_option_changes_nothing(tmp_path, db, option, words):
    with pytest.raises(CommandError, match=words):
        set_office(tmp_path, option)
    assert not BackOffice.objects.exists()


def test_its_key_is_theirs_and_opens_no_door_here(client, tmp_path, db):
    with pytest.raises(CommandError, match="--secret-file"):
        call_command("back_office", "set", "roads", "--kind", "open311", "--url", "https://roads.example/v2")
    set_office(tmp_path)
    body = json.dumps({"update_id": "1"}).encode()
    headers = signed_headers("k", body, now=time.time())
    path = "/api/v1/back-offices/roads/updates/"
    assert client.post(path, body, content_type="application/json", headers=headers).status_code == 401

import json

import pytest
from django.core.management import CommandError, call_command

from portal.smartforms import library

pytestmark = pytest.mark.django_db


def test_forms_that_come_with_the_portal_are_proved(services, capsys):
    call_command("prove_form")
    assert capsys.readouterr().out.count("can be finished") == len(library.names()) >= 3


def test_every_way_is_listed_on_request(services, capsys):
    call_command("prove_form", library.FOLDER / "report-a-street-problem.json", paths=True)
    assert "not_ours: kind > paint > railway" in capsys.readouterr().out


def test_unknown_service_and_gap_are_told_with_their_place(tmp_path, capsys):
    source = json.loads((library.FOLDER / "housing-repair.json").read_text())
    file = tmp_path / "repair.json"
    file.write_text(json.dumps(source))
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("prove_form", file)
    assert "form.service: There is no service housing-repair." in capsys.readouterr().out


def test_file_that_is_no_form_explains_itself(tmp_path, capsys):
    for name, content in (("a.json", b"{"), ("b.json", b"\xff\xfe"), ("c.json", b"[]")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CommandError):
            call_command("prove_form", tmp_path / name)
    with pytest.raises(CommandError, match="No such file"):
        call_command("prove_form", tmp_path / "none.json")

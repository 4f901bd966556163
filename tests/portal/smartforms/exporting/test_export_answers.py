"""The command does what the page does, for the member of staff who answers for it."""

import pytest
from django.core.management import CommandError, call_command

from barnet.customers.models import AccessRecord
from tests import factories
from tests.portal.smartforms.exporting.conftest import guardian
from tests.portal.smartforms.results.conftest import SECRET

pytestmark = pytest.mark.django_db


def run(tmp_path, *more, by="lead@example.com", purpose="Report", version=1, kind="csv"):
    file = tmp_path / "answers"
    call_command(
        "export_answers",
        *("--form", "holiday-club", "--version", str(version), "--format", kind, "--by", by),
        *("--purpose", purpose, "--output", str(file), *more),
    )
    return file.read_text()


@pytest.fixture
def lead(submission):
    return factories.StaffFactory(email="lead@example.com", roles=["team_lead"])


@pytest.mark.parametrize(("kind", "more"), [("csv", ()), ("json", ()), ("csv", ("--group", "children"))])
def test_writes_the_file_and_the_record(lead, submission, tmp_path, kind, more):
    assert submission.case.reference in run(tmp_path, *more, kind=kind)
    assert AccessRecord.objects.filter(actor=lead, customer=submission.subject, purpose="Report").count() == 1


def test_special_category_answers_need_the_right_of_that_person(lead, tmp_path):
    with pytest.raises(CommandError, match="no right"):
        run(tmp_path, "--with-special")
    guardian(email="guardian@example.com")
    assert SECRET in run(tmp_path, "--with-special", by="guardian@example.com")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"version": 7}, "There are: 1"),
        ({"by": "nobody@example.com"}, "no member of staff"),
        ({"purpose": "x"}, "4 to 100"),
    ],
)
def test_says_what_is_wrong(lead, tmp_path, wrong, reason):
    with pytest.raises(CommandError, match=reason):
        run(tmp_path, **wrong)


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit):
        call_command("export_answers", "--help")
    assert "manage.py export_answers --form blue-badge" in capsys.readouterr().out

"""A form is published when it is proved; a version never changes."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils.text import slugify

from portal.cases.models import Team
from portal.smartforms import library
from portal.smartforms.library.teams import TEAMS, ensure_teams
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.publishing import UnprovenFormError, import_form
from portal.smartforms.versions import definition_of

pytestmark = pytest.mark.usefixtures("services")

STREET = "report-a-street-problem"


def source(name: str = STREET) -> dict:
    return json.loads((library.FOLDER / f"{name}.json").read_text())


def test_a_proved_form_is_published_and_read_back():
    version = import_form(source(), by=None)
    form = SmartForm.objects.get()
    assert (form.slug, form.live_version, version.number) == (STREET, version, 1)
    assert version.ways > 10
    assert definition_of(version) == library.form(STREET)


def test_a_change_makes_a_version_and_nothing_new_makes_none():
    first = import_form(source(), by=None)
    assert import_form(source(), by=None) == first
    changed = source()
    changed["title"] = "Tell us about your street"
    second = import_form(changed, by=None)
    assert second.number == 2
    assert SmartForm.objects.get().live_version == second
    assert import_form(source(), by=None).number == 3  # back to the first wording: still a new version


@pytest.mark.parametrize(
    "change",
    [
        {"outcomes": [{"key": "never", "title": "Never", "when": {"about": "problem", "one_of": ["pothole"]}}]},
        {"service": "not-a-service"},
    ],
)
def test_a_form_that_cannot_be_finished_changes_nothing(change):
    import_form(source(), by=None)
    before = SmartForm.objects.values().get()
    with pytest.raises(UnprovenFormError) as refused:
        import_form(source() | change | {"title": "Other"}, by=None)
    assert refused.value.findings
    assert SmartForm.objects.values().get() == before
    assert FormVersion.objects.count() == 1


def test_a_version_is_never_changed_or_deleted():
    version = import_form(source(), by=None)
    SmartForm.objects.update(live_version=None)
    for change in (lambda: FormVersion.objects.update(ways=0), version.delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_two_editors_who_publish_at_once_make_two_versions():
    import_form(source(), by=None)

    def publish(title: str) -> int:
        try:
            return import_form(source() | {"title": title}, by=None).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = list(pool.map(publish, ["Left", "Right"]))
    assert sorted(numbers) == [2, 3]
    assert SmartForm.objects.get().live_version.number == 3


def test_the_command_publishes_the_forms_that_come_with_the_portal(capsys):
    call_command("import_forms", "--dry-run")
    assert "would be published" in capsys.readouterr().out
    assert not SmartForm.objects.exists()
    call_command("import_forms")
    assert SmartForm.objects.count() == len(library.names())
    call_command("import_forms")
    assert "unchanged, version 1" in capsys.readouterr().out


def test_the_command_tells_what_is_wrong(tmp_path, capsys):
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"slug": "x"}')
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("import_forms", str(wrong))
    assert "form.title: This is missing." in capsys.readouterr().out
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_forms", str(tmp_path / "away.json"))


# --- Where requests go ------------------------------------------------------------------------------------------------


def test_a_team_that_is_not_there_is_refused_with_its_place():
    form = source("housing-repair")
    Team.objects.all().delete()
    with pytest.raises(UnprovenFormError) as refused:
        import_form(form, by=None)
    [finding] = refused.value.findings
    assert finding.place.endswith("].team")
    assert "There is no team ‘Out of hours’" in str(finding)
    assert not SmartForm.objects.exists()


def test_an_urgency_that_is_none_is_refused_with_its_place():
    form = source("housing-repair")
    form["destinations"][0]["urgency"] = "at once"
    with pytest.raises(UnprovenFormError, match="‘at once’ is no urgency: urgent, high, normal") as refused:
        import_form(form, by=None)
    assert [finding.place for finding in refused.value.findings] == ["form.destinations[0].urgency"]


def test_every_team_of_the_library_is_laid_once():
    ensure_teams()
    Team.objects.filter(slug="out-of-hours").update(name="Emergency desk")
    ensure_teams()
    assert set(Team.objects.values_list("slug", flat=True)) == {slugify(name) for name in TEAMS}
    named = {row.team for name in library.names() for row in library.form(name).destinations if row.team}
    assert named == set(TEAMS)

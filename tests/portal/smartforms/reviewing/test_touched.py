"""How many residents' drafts a change touches, and how: numbers and sentences, never an answer."""

import copy
import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.enums import Channel, Right
from portal.smartforms.comparing import ChangeClass
from portal.smartforms.definition.reading import read
from portal.smartforms.models import Draft, DraftState, SmartForm
from portal.smartforms.publishing import import_form
from portal.smartforms.reviewing.touched import MOST_READ, touched_by
from tests.factories import CustomerFactory
from tests.portal.smartforms.reviewing.forms import CLUB, club

pytestmark = pytest.mark.django_db
AGAIN, COMPATIBLE, WORDING = ChangeClass.ASK_AGAIN, ChangeClass.COMPATIBLE, ChangeClass.WORDING
ASHA = {"name": "Asha Owner", "lives": "here", "brings": "yes", "children": [{"child_name": "Ada"}]}


def draft(form, answers=ASHA, seen=("you", "children"), **more):
    form = SmartForm.objects.get(pk=form.pk)
    fields = {
        "customer": CustomerFactory(),
        "right": Right.SELF,
        "channel": Channel.WEB,
        "expires_at": timezone.now() + dt.timedelta(days=9),
        **more,
    }
    return Draft.objects.create(
        form=form, version=form.live_version, answers=copy.deepcopy(answers), seen=list(seen), **fields
    )


def changed(change):
    made = copy.deepcopy(CLUB)
    change({step["key"]: step for step in made["steps"]}, made)
    return read(made)


def test_nobody_fills_it_in(form):
    assert touched_by(form, changed(lambda steps, made: made.update(title="Club"))) == []


def test_a_wording_touches_nobody_s_answers(form):
    draft(form)
    (row,) = touched_by(form, changed(lambda steps, made: steps["you"].update(title="About you")))
    assert (row.people, row.rows, row.reasons) == (1, [(WORDING, 1)], ())
    assert row.changes.sentences == ("The step ‘You’ is now called ‘About you’",)


def test_only_those_who_answered_are_asked_again_and_why(form):
    draft(form)
    draft(form, {"name": "Cara Stranger", "lives": "here", "brings": "no"}, ["you"])  # has no children to ask about
    draft(form, {}, [])  # has just begun
    new = changed(
        lambda steps, made: steps["children"]["questions"].append({"key": "age", "kind": "number", "label": "Age"})
    )
    (row,) = touched_by(form, new)
    assert row.rows == [(AGAIN, 1), (COMPATIBLE, 2)]
    assert [(reason.sentence, reason.people) for reason in row.reasons] == [("Question 5 ‘Age’ is new", 1)]


def test_what_a_rule_newly_shows_depends_on_the_answers(form):
    draft(form, {**ASHA, "helps": "yes"}, ["you", "children", "help"])
    draft(form, {**ASHA, "brings": "no", "helps": "yes", "when": "Mondays"}, ["you", "help"])

    def always(steps, made):
        del steps["help"]["questions"][1]["show_when"]

    (row,) = touched_by(form, changed(always))
    assert row.rows == [(AGAIN, 1), (COMPATIBLE, 1)]


def test_nothing_changed(form):
    draft(form)
    (row,) = touched_by(form, read(club()))
    assert (row.rows, row.untouched) == ([], 1)


def test_what_was_sent_and_what_is_over_does_not_count(form):
    draft(form, state=DraftState.SENT)
    draft(form, expires_at=timezone.now() - dt.timedelta(days=1))
    assert touched_by(form, changed(lambda steps, made: made.update(title="Club"))) == []


def test_drafts_of_several_versions_each_by_their_own(form):
    draft(form)
    import_form(club(title="Club 2"), by=None)
    draft(form)
    draft(form)
    rows = touched_by(form, read(club(title="Club 2")))
    assert [(row.version.number, row.people, row.untouched, row.rows) for row in rows] == [
        (2, 2, 2, []),
        (1, 1, 0, [(WORDING, 1)]),
    ]


def test_the_same_number_of_queries_for_one_and_for_many(form, django_assert_num_queries):
    new = changed(lambda steps, made: steps["you"].update(title="About you"))
    draft(form)
    with django_assert_num_queries(3):
        touched_by(form, new)
    import_form(club(title="Club 2"), by=None)
    for _number in range(3):
        draft(form)
    with django_assert_num_queries(3):
        assert len(touched_by(form, new)) == 2


def test_of_very_many_only_the_last_are_read(form, monkeypatch):
    assert MOST_READ >= 1000
    monkeypatch.setattr("portal.smartforms.reviewing.touched.MOST_READ", 2)
    for _number in range(3):
        draft(form)
    (row,) = touched_by(form, read(club()))
    assert (row.people, row.read, row.unread, row.untouched) == (3, 2, 1, 2)

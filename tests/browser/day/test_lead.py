"""A team leader sees what waits, gives it out, sees to who is away, and reads the figures."""

import datetime as dt

from django.utils import timezone


def test_what_nobody_has_is_given_out_and_who_is_away_is_covered(desk, asked):
    email, references = asked("A mattress", "A tyre", "A bath")
    lead = desk("lead@barnet.example")
    assert lead.reads("Given to nobody")
    assert lead.reads("Late")

    lead.opens(lead.link("Given to nobody"))
    lead.types(lead.main.get_by_label("Search", exact=True), email)
    lead.enters()
    for box in lead.main.locator("tbody .govuk-checkboxes__input").all():
        lead.ticks(box)
    lead.opens(lead.button("Give to a team or a person …"))
    lead.chooses(lead.main.get_by_label("Give to"), "Dev Caseworker")
    lead.opens(lead.button("See what happens"))
    assert lead.reads("What each customer will receive")
    lead.opens(lead.button("Do it"))
    assert lead.reads("3 requests were changed")

    lead.go(f"/staff/cases/?q={email}")
    assert lead.main.get_by_text("Dev Caseworker").count() >= len(references)

    lead.go("/staff/")
    lead.opens(lead.link("Days away"))
    first = timezone.localdate() + dt.timedelta(days=30)
    lead.chooses(lead.main.get_by_label("Who is away?"), "Dev Caseworker")
    for box, day in (("First day away", first), ("Last day away", first + dt.timedelta(days=4))):
        dates = lead.main.get_by_role("group", name=box)
        for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            lead.types(dates.get_by_label(part), str(number))
    lead.chooses(lead.main.get_by_label("Who looks after the requests?"), "Amos Assessor")
    lead.opens(lead.button("Note them"))
    assert lead.reads("Amos Assessor looks after the requests.")
    lead.opens(lead.main.get_by_role("button", name="Take back Dev Caseworker"))
    assert not lead.reads("Amos Assessor looks after the requests.")

    lead.go("/staff/")
    lead.opens(lead.link("Late"))
    lead.go("/staff/figures/")
    assert lead.reads("Street Scene") or lead.reads("Report fly-tipping")

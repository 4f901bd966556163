"""Somebody without JavaScript, on a telephone, presses a map until it is the place; and the keyboard alone."""

import pytest

from tests.browser.person import Person

PLACE = "/report/place/?kind=report-pothole"


def press_map(person, across: float, down: float) -> None:
    person.main.locator("input[type=image]:visible").click(position={"x": across, "y": down})
    person.page.wait_for_load_state("load")
    person.look()


@pytest.mark.parametrize(("width", "size"), [(320, 288), (1280, 540)])
def test_presses_lead_from_the_borough_to_the_pin(open_as, width, size):
    nia = Person(open_as(width=width, scripts=False), scripts=False)
    nia.go(PLACE)
    nia.press("Choose on a map of the borough")
    box = nia.main.locator("input[type=image]:visible").bounding_box()
    assert (box["width"], box["height"]) == (size, size)
    press_map(nia, size / 2, size / 2)
    assert "metres=2000" in nia.page.url
    press_map(nia, size * 3 / 4, size / 2)
    near = nia.main.locator("input[name=easting]").input_value()
    press_map(nia, size / 4, size / 2)
    assert nia.reads("Move the pin by 10 metres")
    assert int(nia.main.locator("input[name=place-easting]").input_value()) == int(near) - 125
    nia.press("Continue")
    assert "/report/nearby/" in nia.page.url


def test_the_keyboard_gets_there_by_a_ward(open_as):
    nia = Person(open_as(width=1280))
    nia.go(PLACE)
    nia.press("Choose on a map of the borough")
    nia.press("High Barnet", "link")
    while nia.main.get_by_role("button", name="See the middle nearer").count():
        nia.main.locator("input[type=image]:visible").press("Enter")
        nia.page.wait_for_load_state("load")
    north = nia.main.get_by_role("link", name="North")
    before = int(nia.main.locator("input[name=northing]").input_value())
    north.press("Enter")
    nia.page.wait_for_url("**#north")
    nia.look()
    assert int(nia.main.locator("input[name=northing]").input_value()) == before + 250
    map_at = nia.main.locator(".portal-locator__map").bounding_box()
    assert map_at["y"] >= 0
    nia.main.get_by_role("button", name="Put the pin in the middle").press("Enter")
    nia.page.wait_for_load_state("load")
    assert nia.reads("Move the pin by 10 metres")

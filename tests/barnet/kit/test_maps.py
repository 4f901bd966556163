from xml.etree import ElementTree

from bs4 import BeautifulSoup
from django.template import engines

from barnet.kit.maps import HEIGHT, WIDTH, LocatorMap, Neighbour, Outline

CENTRE = (524_500.0, 196_500.0)


def _row_of_houses(street: str = "High Street", count: int = 9) -> list[Neighbour]:
    return [Neighbour(524_440 + n * 15, 196_520, str(n * 2 + 1), street) for n in range(count)]


def _drawn(**options) -> BeautifulSoup:
    html = LocatorMap(CENTRE, "Where 9 High Street is", **options).draw()
    ElementTree.fromstring(html)
    return BeautifulSoup(html, "html.parser")


def test_map_tells_in_words_what_it_shows():
    svg = _drawn(addresses=_row_of_houses(), outlines=[Outline("High Barnet", [])]).svg
    title, description = (svg.find(id=name) for name in svg["aria-labelledby"].split())
    assert svg["role"] == "img"
    assert title.text == "Where 9 High Street is"
    assert "200 metres" in description.text
    assert "High Street" in description.text
    assert "High Barnet" in description.text


def test_map_shows_neighbours_their_numbers_and_the_street():
    soup = _drawn(addresses=_row_of_houses())
    assert len(soup.find_all("circle")) == 9
    assert soup.find(class_="portal-locator__street").text == "High Street"
    assert {"1", "17"} <= {label.text for label in soup.find_all(class_="portal-locator__number")}


def test_map_without_a_pin_shows_the_number_in_its_middle_and_larger():
    soup = _drawn(addresses=[Neighbour(*CENTRE, "1")], has_pin=False)
    assert soup.find(class_="portal-locator__key").text == "1"
    assert not soup.find(class_="portal-locator__number")


def test_map_leaves_out_what_lies_outside_its_window():
    soup = _drawn(addresses=[Neighbour(525_000, 196_500, "99", "Far Lane")])
    assert not soup.find("circle")
    assert "Far Lane" not in soup.text


def test_map_cuts_outlines_at_its_edge():
    huge = [(0.0, 0.0), (1_000_000.0, 0.0), (1_000_000.0, 196_500.0), (0.0, 196_500.0), (0.0, 0.0)]
    path = _drawn(outlines=[Outline("Half", [huge])]).find(class_="portal-locator__area")["d"]
    points = [tuple(map(float, pair.split())) for pair in path.strip("MZ").split("L")]
    assert len(points) <= 6
    assert all(-20 <= x <= WIDTH + 20 and HEIGHT / 2 <= y <= HEIGHT + 20 for x, y in points)


def test_map_of_a_window_within_an_area_is_covered_and_beside_it_is_empty():
    around = [(0, 0), (1_000_000, 0), (1_000_000, 1_000_000), (0, 1_000_000)]
    beside = [(0, 0), (10, 0), (10, 10), (0, 10)]
    assert _drawn(outlines=[Outline("All", [around])]).find(class_="portal-locator__area")
    assert not _drawn(outlines=[Outline("None", [beside])]).find(class_="portal-locator__area")


def test_map_carries_no_style_and_escapes_names():
    soup = _drawn(addresses=_row_of_houses("O'Neill <b> & Sons' Lane"), caption="A <caption>")
    assert soup.find("b") is None
    assert not soup.find(style=True)
    assert soup.figcaption.text == "A <caption>"


def test_map_words_never_cover_each_other():
    crowd = [Neighbour(524_480 + n % 10, 196_490 + n // 10, str(n), f"Street {n % 3}") for n in range(100)]
    assert len(_drawn(addresses=crowd).find_all(class_="portal-locator__number")) < 20


def test_map_has_a_scale_of_a_round_length():
    for metres, text in [(200, "50 m"), (1000, "200 m"), (30, "10 m")]:
        assert text in [label.text for label in _drawn(metres=metres).find_all("text")]


def test_street_name_follows_its_houses_and_stays_readable():
    uphill = [Neighbour(524_450 + n * 12, 196_460 + n * 12, "", "Steep Hill") for n in range(9)]
    name = _drawn(addresses=uphill).find(class_="portal-locator__street")
    assert name["transform"].startswith("rotate(-45 ")


def test_two_maps_on_a_page_have_their_own_ids():
    template = engines["django"].from_string("{% locator_map one %}{% locator_map two %}{% locator_map none %}")
    soup = BeautifulSoup(
        template.render({"one": LocatorMap(CENTRE, "One"), "two": LocatorMap(CENTRE, "Two"), "none": None}),
        "html.parser",
    )
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)) == 4


def test_a_square_map_of_areas_names_them_in_two_lines_and_apart():
    square = [(524_300, 196_300), (524_700, 196_300), (524_700, 196_700), (524_300, 196_700)]
    areas = [Outline("Finchley Church End", [square], CENTRE), Outline("Hendon", [square], CENTRE)]
    soup = _drawn(outlines=[*areas, Outline("Silent", [square])], has_pin=False, height=WIDTH, metres=1000)
    first, second = soup.find_all(class_="portal-locator__area-name")
    assert (first.text, second.text) == ("Finchley Church End", "Hendon")
    assert first["y"] != second["y"]
    assert soup.tspan.text == "Church End"
    assert soup.svg["viewbox"] == f"0 0 {WIDTH} {WIDTH}"
    wide = _drawn(outlines=[Outline("Hendon", [square], (CENTRE[0], CENTRE[1] + 600))], height=WIDTH, metres=1500)
    assert wide.find(class_="portal-locator__area-name").text == "Hendon"

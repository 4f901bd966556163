"""Each page of the runner as wide as a telephone and a desk: accessible, and never wider than the screen.

Every kind of question stands on a page of its own, empty, in error and filled; the pages that need several rounds, and
the pages around the questions, are gone to by hand. One tab does it all.
"""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from barnet.kit.files.checking import check_file
from portal.smartforms import showcase
from portal.smartforms.definition.model import DataClass, Definition, Destination, Outcome, Question, Step, StepKind
from portal.smartforms.definition.writing import write
from portal.smartforms.files.keeping import NewFile, store
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import Draft
from portal.smartforms.publishing import import_form
from tests.barnet.kit.files import samples
from tests.browser.axe import axe_violations, resize, sideways_scroll
from tests.factories import AddressFactory, AreaFactory, ServiceFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("chromium")]

PHONE, DESK = 320, 1280
LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze" * 2
WRONG = {
    "money": "lots",
    "number": "1.5",
    "date": "31",
    "date_range": "31",
}  # of the others: a sign that none of them take


def every_kind() -> Definition:
    steps = [Step(f"ask_{asked.kind}", f"Page of {asked.kind}", questions=(asked,)) for asked in showcase.questions()]
    child = (
        Question("child_name", "name", "Name"),
        Question("child_born", "date", "Date of birth", required=False),
        Question("child_papers", "files", "Birth certificate", required=False),
    )
    explained = (
        Question("why", "short_text", "Anything else?", "A hint.", "More *help*.", "Why we ask.", required=False),
        Question("health", "long_text", LONG, why="So that we can help.", data_class=DataClass.SPECIAL, required=False),
    )
    return Definition(
        slug="every-kind",
        title="Every kind of question there is",
        summary="A page for each.",
        service="new-bin",
        declaration="What I said is true.",
        steps=(
            *steps,
            Step("together", "Several on one page", body="First a text.\n\n- A line", questions=explained),
            Step("children", "Children", StepKind.GROUP, questions=child, item_name="child", most=3),
            Step("told", "Before you go on", StepKind.INFORMATION, body="Read this.\n\n- And this"),
        ),
        outcomes=(Outcome("sent", "We have it", "Thank you."),),
        destinations=(Destination("new-bin", "Every kind"),),
    )


class Visitor:
    """Somebody at one tab, whose draft is put where the test wants it."""

    def __init__(self, page, live_server, definition: Definition) -> None:
        self.page, self.definition, self.wrong = page, definition, []
        import_form(write(definition), by=None)
        page.goto(live_server.url + reverse("form_start", args=[definition.slug]))
        self.look("start")
        self.press("Start now")
        self.site, self.draft = live_server.url, Draft.objects.get()
        day = timezone.localdate()
        self.answers = {
            asked.key: kind_of(asked).to_json(showcase.filled(asked, day))
            for step in definition.steps
            if step.kind is StepKind.QUESTIONS
            for asked in step.questions
        }
        letter = NewFile(check_file(ContentFile(samples.PDF, "letter.pdf")))
        store(self.draft.pk, "files", [letter])
        self.answers |= {"files": [dict(letter)], "why": LONG, "health": LONG, "children": []}
        self.seen = [step.key for step in definition.steps]

    def stand(self, *, without: str = "", **answers) -> None:
        """Everything is answered, but not the step `without`."""
        gone = {asked.key for step in self.definition.steps if step.key == without for asked in step.questions}
        kept = {key: value for key, value in (self.answers | answers).items() if key not in gone}
        seen = [key for key in self.seen if key != without]
        Draft.objects.filter(pk=self.draft.pk).update(answers=kept, seen=seen)

    def go(self, name: str, *parts) -> None:
        self.page.goto(self.site + reverse(name, args=[self.definition.slug, self.draft.pk, *parts]))

    def press(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=name, exact=True).last.click()
        self.page.wait_for_load_state("load")

    def look(self, state: str) -> None:
        """All that is wrong is told at the end, not one page a run."""
        for width in (PHONE, DESK):
            resize(self.page, width)
            where = f"{state} at {width} px"
            self.wrong += [f"{where}: {violation}" for violation in axe_violations(self.page)]
            self.wrong += [f"{where}: wider than the screen"] * sideways_scroll(self.page)

    def must_read(self, words: str) -> None:
        assert words in self.page.locator("main").inner_text(), self.page.locator("main").inner_text()

    def send_nonsense(self, kind: str) -> None:
        """What was typed comes back with an error; what cannot be typed into is left empty."""
        boxes = self.page.locator("main form [id^=id_]:is(input:is([type=text], [type=email], [type=tel]), textarea)")
        for box in boxes.all():
            box.fill(WRONG.get(kind, "²"))
        self.press("Continue")


@pytest.fixture
def visitor(transactional_db, live_server, phone_page):
    AreaFactory()
    ServiceFactory(slug="new-bin")
    return Visitor(phone_page, live_server, every_kind())


def test_each_kind_of_question_empty_in_error_and_filled(visitor):
    for asked in showcase.questions():
        step = f"ask_{asked.kind}"
        visitor.stand(without=step)
        visitor.go("form_step", step)
        visitor.look(f"{asked.kind} empty")
        visitor.press("Continue")
        visitor.must_read("There is a problem")
        visitor.look(f"{asked.kind} in error")
        visitor.stand()
        visitor.go("form_step", step)
        visitor.look(f"{asked.kind} filled")
    assert visitor.wrong == []


def test_nonsense_is_refused_with_a_sentence(visitor):
    for kind in ("date", "date_range", "email", "money", "ni_number", "number", "person", "phone", "signature"):
        visitor.stand(without=f"ask_{kind}")
        visitor.go("form_step", f"ask_{kind}")
        visitor.send_nonsense(kind)
        visitor.must_read("There is a problem")
        visitor.look(f"{kind} with nonsense")
    assert visitor.wrong == []


def test_the_rounds_of_an_address(visitor):
    main = visitor.page.locator("main")
    AddressFactory(uprn=300_000_001, one_line="Tower House, High Street, Barnet, EN5 4AA")
    for number in range(2):
        AddressFactory(uprn=300_000_002 + number)
    for number in range(12):
        AddressFactory(postcode="EN5 4AB", pao_start_number=number + 1, one_line=f"{number} {LONG}")
    AddressFactory(
        uprn=300_000_100, parent_uprn=300_000_001, sao_text="FLAT 1", one_line="Flat 1, Tower House, High Street"
    )
    for kind, find, by_hand in (
        ("address", "Find address", "Enter the address by hand"),
        ("location", "Find the place", "Describe it in words"),
    ):
        visitor.stand(without=f"ask_{kind}")
        visitor.go("form_step", f"ask_{kind}")
        for postcode, state in (("EN5 4ZZ", "nothing found"), ("EN5 4AB", "many found"), ("EN5 4AA", "few found")):
            if not main.locator(f"#id_{kind}-postcode").is_visible():
                visitor.page.locator(f"button[name={kind}-address_step][value=change]").click()
            main.locator(f"#id_{kind}-postcode").fill(postcode)
            main.get_by_role("button", name=re.compile(f"^{find}")).click()
            visitor.page.wait_for_load_state("load")
            visitor.look(f"{kind}: {state}")
        visitor.press("Continue")
        visitor.must_read("There is a problem")
        visitor.look(f"{kind}: none of them chosen")
        if kind == "address":
            main.get_by_label("Tower House", exact=False).first.check()
            visitor.press("Continue")
            visitor.must_read("Which home in the building?")
            visitor.look("a home in the building")
        visitor.page.locator(f"button[name={kind}-address_step][value=change]").click()
        main.get_by_role("button", name=re.compile(f"^{by_hand}")).click()
        visitor.page.wait_for_load_state("load")
        visitor.look(f"{kind}: in words")
        visitor.press("Continue")
        visitor.must_read("There is a problem")
        visitor.look(f"{kind}: in words, in error")
    assert visitor.wrong == []


def test_the_rounds_of_a_place_on_the_map(visitor):
    visitor.stand(location={"easting": "524500", "northing": "196500", "text": LONG})
    visitor.go("form_step", "ask_location")
    visitor.page.locator("button[name=location-move][value=north]").press("Enter")
    visitor.page.wait_for_load_state("load")
    visitor.page.locator("button[name=location-move][value=north]:focus").wait_for()
    map_at = visitor.page.locator(".portal-locator__map").bounding_box()
    assert map_at["y"] >= 0
    assert map_at["y"] + map_at["height"] <= visitor.page.viewport_size["height"]
    assert visitor.page.locator('input[name="location-northing"]').input_value() == "196510"
    visitor.look("location moved")
    visitor.stand(location={"easting": "", "northing": "", "text": LONG})
    visitor.go("form_step", "ask_location")
    visitor.look("location in words")
    assert visitor.wrong == []


def test_files_that_arrived_and_files_that_were_refused(visitor):
    def upload(*files) -> None:
        sent = [{"name": name, "mimeType": "application/pdf", "buffer": content} for name, content in files]
        visitor.page.locator("#id_files").set_input_files(sent)
        visitor.page.locator("button[name=files-upload]").click()
        visitor.page.wait_for_load_state("load")

    visitor.stand(without="ask_files")
    visitor.go("form_step", "ask_files")
    upload((f"{LONG}.pdf", samples.PDF), ("second.pdf", samples.PDF.replace(b"1.7", b"1.6")))
    visitor.must_read("second.pdf")
    visitor.look("two files")
    upload(("locked.pdf", samples.LOCKED_PDF), ("empty.pdf", b""))
    visitor.must_read("There is a problem")
    visitor.look("files refused")
    assert visitor.wrong == []


def test_a_group_with_three_things_and_the_pages_around_the_questions(visitor):
    child = {"child_name": "Ada", "child_born": "2019-04-03"}
    visitor.stand(without="children")
    visitor.go("form_step", "children")
    visitor.look("group without things")
    visitor.press("Continue")
    visitor.must_read("There is a problem")
    visitor.look("group in error")
    visitor.go("form_thing", "children", 1)
    visitor.look("first thing")
    visitor.press("Continue")
    visitor.must_read("There is a problem")
    visitor.look("first thing in error")
    visitor.stand(children=[child, {"child_name": LONG}, {"child_name": "محمد"}])
    visitor.go("form_step", "children")
    visitor.look("group of three")
    visitor.go("form_thing", "children", 2)
    visitor.look("second thing")
    for step in ("together", "told"):
        visitor.go("form_step", step)
        visitor.look(step)
    Draft.objects.filter(pk=visitor.draft.pk).update(ask_again={"together": ["The question is now optional."]})
    visitor.go("form_step", "together")
    visitor.must_read("changed")
    visitor.look("asked again")
    visitor.go("form_save")
    visitor.look("save")
    visitor.press("Send me the link")
    visitor.look("save in error")
    assert visitor.wrong == []


def test_the_page_of_answers_and_the_last_page(visitor):
    visitor.stand(without="ask_files", children=[{"child_name": "Ada"}, {"child_name": LONG}])
    visitor.go("form_step", "ask_files")
    visitor.page.locator("#id_files").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": samples.PDF}
    )
    visitor.press("Continue")
    visitor.go("form_check")
    visitor.must_read("Check your answers")
    visitor.look("answers")
    visitor.press("Send")
    visitor.must_read("There is a problem")
    visitor.look("not declared")
    visitor.page.get_by_label("What I said is true.").check()
    visitor.press("Send")
    visitor.must_read("We have it")
    visitor.look("sent")
    assert visitor.wrong == []

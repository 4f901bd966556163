"""An editor builds a branching form with a repeating group in the back office and is led to what is wrong; the proof
refuses a gap; another person publishes it; a resident finishes it on a phone without JavaScript; staff see the case."""

import re
from contextlib import suppress

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.axe import SOURCE
from tests.browser.person import Person
from tests.browser.test_journey import REFERENCE

FLORA, VIC, LEAD = "author@barnet.example", "second.author@barnet.example", "lead@barnet.example"
WAIT = 30_000  # ms for what comes in one second when the machine is free
PRESSES = 3  # while the editor saves by itself, it can miss one
FORMS, ADDRESS = "/staff/content/snippets/smartforms/smartform/", "/forms/join-the-holiday-club/"
# Wagtail's own, in every editor of it: seen with an editor that has no block of ours.
OF_WAGTAIL = {"page-has-heading-one", "region"}


class Editor:
    """The editor of forms. Controls are found by the name under which they are sent: `steps-0-value-title`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(WAIT)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def control(self, name: str) -> Locator:
        return self.page.locator(f'[name="{name}"]')

    def fill(self, **words: str) -> None:
        for name, typed in words.items():
            self.control(name.replace("__", "-")).fill(typed)

    def add(self, sequence: str, kind: str = "") -> str:
        """A block at the end of a sequence; the beginning of its controls' names."""
        counter = self.control(f"{sequence}-count")
        before = int(counter.input_value())
        button = counter.locator("xpath=following-sibling::div[1]").locator("xpath=./div/button | ./button").last
        for _press in range(PRESSES):
            button.click()
            with suppress(AssertionError, TimeoutError):
                if kind:
                    self.page.get_by_role("option", name=kind, exact=True).click(timeout=WAIT / PRESSES)
                expect(counter).to_have_value(str(before + 1), timeout=WAIT / PRESSES)
                break
        expect(counter).to_have_value(str(before + 1), timeout=WAIT)
        return f"{sequence}-{before}-value"

    def add_question(self, page: str, label: str, kind: str, options: tuple[str, ...] = ()) -> str:
        question = self.add(f"{page}-questions")
        self.control(f"{question}-label").fill(label)
        self.control(f"{question}-kind").select_option(kind)
        for option in options:
            self.control(f"{self.add(f'{question}-options')}-label").fill(option)
        return question

    def press(self, name: str) -> None:
        """Where the editor saved by itself at that moment, Wagtail asks once more."""
        self.page.locator("body").evaluate("body => body.dataset.before = ''")
        self.page.get_by_role("button", name=name, exact=True).first.click()
        again = self.page.locator("#w-save-confirmation-dialog [data-w-dialog-target=confirm]:visible")
        moved_on = self.page.locator("body:not([data-before])")
        expect(moved_on.or_(again).first).to_be_visible(timeout=WAIT)
        if again.is_visible():
            again.click()
        expect(moved_on).to_be_visible(timeout=WAIT)
        self.page.wait_for_load_state("load")

    def look(self) -> None:
        self.page.evaluate(SOURCE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)")
        ours = [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found if rule["id"] not in OF_WAGTAIL]
        assert ours == [], ours


def test_a_form_is_built_proved_published_and_finished(open_as):
    flora = Editor(open_as(FLORA, width=1280))
    build(flora)
    form = flora.page.url
    is_told_where(flora)

    vic = Editor(open_as(VIC, width=1280))
    vic.page.goto(form)
    publish(vic)
    expect(vic.page.get_by_text("Not published: 1 thing to put right.")).to_be_visible(timeout=WAIT)
    nia = Person(open_as(scripts=False), scripts=False)
    assert nia.page.goto(ADDRESS).status == 404
    mend(flora)
    vic.page.goto(form)
    publish(vic)
    expect(vic.page.get_by_text("Form 'Join the holiday club' updated and published.")).to_be_visible(timeout=WAIT)
    reference = finish(nia)

    lead = Person(open_as(LEAD))
    lead.go(f"/staff/cases/{reference}/")
    assert lead.reads("New member")
    assert lead.reads("Nia Neighbour")
    assert lead.reads("Ola")
    assert lead.reads("Uri")


def build(flora: Editor) -> None:
    flora.page.goto(f"{FORMS}add/")
    flora.fill(title="Join the holiday club", slug="join-the-holiday-club", summary="For families of Barnet.")
    flora.control("service").select_option(label="Ask for a new bin")

    flora.tab("Pages and questions")
    you = flora.add("steps", "Page of questions")
    flora.control(f"{you}-title").fill("About you")
    flora.add_question(you, "Your name", "name")
    flora.add_question(you, "Do you bring children?", "radios", ("Yes, I do", "No"))
    children = flora.add("steps", "Repeating group: add another")
    flora.control(f"{children}-title").fill("Your children")
    flora.add_question(children, "First name", "short_text")
    add_rule(flora, f"{children}-show_when")

    flora.tab("Outcomes")
    outcome = flora.add("outcomes")
    flora.control(f"{outcome}-title").fill("We have it")
    add_rule(flora, f"{outcome}-when")
    to = flora.add("destinations")
    flora.control(f"{to}-service").select_option("new-bin")
    flora.control(f"{to}-case_title").fill("New member")
    flora.look()
    flora.press("Save draft")


def add_rule(flora: Editor, place: str) -> None:
    rule = flora.add(place, "Row")
    chosen(flora, f"{rule}-about", "Do you bring children?")
    chosen(flora, f"{rule}-value", "Yes, I do")
    value = flora.control(f"{rule}-value")
    value.blur()
    row = value.locator("xpath=ancestor::*[.//*[contains(., 'is Yes, I do')]][1]")
    expect(row).to_contain_text("‘Do you bring children?’ is Yes, I do", timeout=WAIT)


def chosen(editor: Editor, name: str, words: str) -> None:
    """What the list of the box offers, as a browser puts it in."""
    editor.control(name).focus()
    option = editor.page.locator(f'datalist#smartforms-choices option[label="{words}"]')
    expect(option).to_have_count(1, timeout=WAIT)
    editor.control(name).fill(option.get_attribute("value"))


def is_told_where(flora: Editor) -> None:
    """The group has no name for one of its things: the line at the top leads there."""
    flora.page.get_by_role("link", name="Page 2: Words are missing here.").click()
    item_name = flora.control("steps-1-value-item_name")
    expect(item_name).to_be_focused(timeout=WAIT)
    item_name.fill("child")
    flora.press("Save draft")
    expect(flora.page.get_by_text("Not ready to publish")).to_have_count(0, timeout=WAIT)


def publish(editor: Editor) -> None:
    more = editor.page.locator("[data-w-dropdown-target=toggle]").filter(has_text=re.compile("actions", re.I))
    (more.first if more.count() else editor.page.get_by_role("button", name="More actions")).click()
    editor.press("Publish")


def mend(flora: Editor) -> None:
    """Whoever brings no children had no outcome: the proof found it, and it is for everybody now."""
    flora.page.reload()
    flora.tab("Outcomes")
    rule = flora.control("outcomes-0-value-when-0-deleted").locator("xpath=..")
    rule.get_by_role("button", name="Delete").click()
    flora.press("Save draft")


def finish(nia: Person) -> str:
    nia.go(ADDRESS)
    nia.press("Start now")
    nia.press("Continue")
    assert nia.reads("There is a problem")
    nia.main.get_by_label("Your name").fill("Nia Neighbour")
    nia.main.get_by_label("No", exact=True).check()
    nia.press("Continue")
    assert nia.reads("Check your answers")
    assert not nia.reads("Your children")
    nia.main.get_by_role("link", name="Change Do you bring children?").click()
    nia.main.get_by_label("Yes, I do").check()
    nia.press("Continue")
    nia.press("Continue")
    assert nia.reads("There is a problem")
    for name in ("Ola", "Uri"):
        nia.main.get_by_label("Yes", exact=True).check()
        nia.press("Continue")
        nia.main.get_by_label("First name").fill(name)
        nia.press("Continue")
    nia.main.get_by_label("No", exact=True).check()
    nia.press("Continue")
    assert nia.reads("Check your answers")
    nia.press("Send")
    assert nia.reads("We have it")
    return REFERENCE.search(nia.main.inner_text())[0]


def test_a_row_can_be_added_to_what_is_kept_among_the_content(open_as):
    page = open_as("admin@barnet.example", width=1280)
    page.goto("/staff/content/snippets/field/fieldservice/add/")
    rows = page.locator("[data-inline-panel-child]")
    before = rows.count()
    page.get_by_role("button", name="Add reason").click()
    expect(rows).to_have_count(before + 1)

"""From the ring of the telephone to the closed call. What is counted here stands in docs/staff/contacts.md."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[3] / "docs/staff/contacts.md"
MINUTE = 60


def is_written_down(what, count) -> bool:
    return f"| {what} | {count.pages} | {count.presses} | {count.keys} |" in DOCS.read_text()


def meet(adviser, name: str) -> None:
    adviser.types(adviser.page.get_by_role("search", name="Back office").get_by_role("searchbox"), name.lower())
    adviser.enters()
    adviser.opens(adviser.link(name))


def why_in_touch(adviser, reason: str) -> None:
    adviser.chooses(adviser.main.get_by_label("Why were they in touch?"), reason)


def test_a_question_is_answered_from_the_page_and_the_call_is_closed(desk):
    adviser = desk("adviser@barnet.example")
    meet(adviser, "Asha Okonjo")
    assert adviser.reads("Bin collections")
    assert adviser.reads("Refuse: ")
    why_in_touch(adviser, "Ask how to do something")
    adviser.opens(adviser.button("Note it"))
    assert adviser.reads("The contact is in the log.")
    count = adviser.count()

    assert count.seconds < MINUTE, count
    assert is_written_down("A question, answered from the page", count), count


def test_a_caddy_is_ordered_for_the_caller_and_the_call_is_closed(desk):
    adviser = desk("adviser@barnet.example")
    meet(adviser, "Cara Whitlock")
    why_in_touch(adviser, "Ask for something or report a problem")
    adviser.presses(adviser.main.get_by_text("Outcome and service"))
    adviser.chooses(adviser.main.get_by_label("About which service?"), "Ask for a new bin")
    adviser.opens(adviser.button("Note it and start a request"))
    adviser.opens(adviser.main.get_by_role("link", name=re.compile("^For ")))
    adviser.chooses(adviser.main.get_by_label("Kitchen caddy, 7 litres"), "1")
    adviser.opens(adviser.button("Continue"))
    assert adviser.main.get_by_label("E-mail address").input_value() == "cara@example.com"
    adviser.ticks(adviser.main.get_by_label("It is lost or was stolen"))
    adviser.opens(adviser.button("Continue"))
    adviser.opens(adviser.button("Send the order"))
    assert adviser.reads("We have your order")
    adviser.opens(adviser.page.get_by_role("button", name="Stop serving"))
    count = adviser.count()

    assert count.seconds < MINUTE, count
    assert is_written_down("A kitchen caddy, ordered for the caller", count), count

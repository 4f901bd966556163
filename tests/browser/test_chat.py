"""A visitor and an adviser talk, each in a browser of their own, without loading a page."""

from tests.browser.axe import axe_violations


def test_a_conversation_appears_by_itself_on_both_sides(open_as):
    desk, visitor = open_as("adviser@barnet.example", width=1280), open_as()
    desk.goto("/staff/chat/")
    desk.get_by_role("button", name="Come on duty").click()
    desk.get_by_role("button", name="Go off duty").wait_for()

    visitor.goto("/chat/")
    visitor.get_by_text("An adviser is here and answers now").wait_for()
    visitor.get_by_label("Your question").fill("When is the tip open?")
    visitor.get_by_label("Your name").fill("Gus Guest")
    visitor.get_by_label("Your e-mail address").fill("gus.guest@example.com")
    visitor.get_by_role("button", name="Send").click()
    visitor.get_by_role("log").get_by_text("When is the tip open?").wait_for()
    asked_at = visitor.url
    assert axe_violations(visitor) == []

    reference = asked_at.rstrip("/").split("/")[-1]
    desk.get_by_role("link", name=reference).click()  # it came to the desk by itself
    desk.get_by_label("Write").fill("Until four today.")
    desk.get_by_role("button", name="Send").click()
    desk.get_by_role("log").get_by_text("Until four today.").wait_for()
    assert desk.get_by_label("Write").input_value() == ""
    assert axe_violations(desk) == []

    visitor.get_by_role("log").get_by_text("Until four today.").wait_for()
    visitor.get_by_label("Write").fill("Thank you!")
    visitor.get_by_role("button", name="Send").click()
    for page in (visitor, desk):
        page.get_by_role("log").get_by_text("Thank you!").wait_for()
        lines = page.get_by_role("log").get_by_role("listitem").all_inner_texts()
        assert len(lines) == 3, lines


def test_the_same_without_javascript(open_as):
    plain_page = open_as(scripts=False)
    plain_page.goto("/chat/")
    plain_page.get_by_label("Your question").fill("Is it open on Sunday?")
    plain_page.get_by_label("Your e-mail address").fill("plain.guest@example.com")
    plain_page.get_by_role("button", name="Send").click()
    plain_page.get_by_label("Write").fill("I mean the tip.")
    plain_page.get_by_role("button", name="Send").click()
    plain_page.get_by_role("link", name="Look for new messages").click()
    assert len(plain_page.get_by_role("log").get_by_role("listitem").all()) == 2

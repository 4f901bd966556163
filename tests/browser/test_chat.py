"""A visitor and an adviser talk, each in a browser of their own, without loading a page."""

from tests.barnet.kit.files import samples
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


def test_a_photo_goes_with_a_message_and_appears_on_the_other_side(open_as):
    """Sent by hand of a small screen; a bad file is refused with the words kept."""
    visitor, desk = open_as(width=320), open_as("adviser@barnet.example", width=1280)
    visitor.goto("/chat/")
    visitor.get_by_label("Your question").fill("What is this on my bin?")
    visitor.get_by_label("Your e-mail address").fill("photo.guest@example.com")
    visitor.get_by_role("button", name="Send").click()
    visitor.get_by_role("log").get_by_text("What is this on my bin?").wait_for()
    desk.goto(f"/staff/chat/{visitor.url.rstrip('/').split('/')[-1]}/")

    chooser = visitor.get_by_label("Add a photo or a file")
    visitor.get_by_label("Write").fill("Here it is")
    chooser.set_input_files({"name": "x.exe", "mimeType": "image/png", "buffer": b"MZ a program"})
    visitor.get_by_role("button", name="Send").click()
    visitor.get_by_role("alert").get_by_text("This is a program").wait_for()
    assert visitor.get_by_label("Write").input_value() == "Here it is"
    visitor.get_by_label("Add a photo or a file").set_input_files(
        {"name": "bin.jpg", "mimeType": "image/jpeg", "buffer": samples.picture()}
    )
    visitor.get_by_role("button", name="Send").click()
    for page in (visitor, desk):
        photo = page.get_by_role("log").get_by_role("img", name="Photo: bin.jpg")
        photo.wait_for()
        assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)")
        assert axe_violations(page) == []
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 320
    desk.get_by_label("Add a photo or a file").set_input_files(
        {"name": "leaflet.pdf", "mimeType": "application/pdf", "buffer": samples.PDF}
    )
    desk.get_by_role("button", name="Send").click()
    for page in (visitor, desk):
        page.get_by_role("log").get_by_role("link", name="leaflet.pdf").wait_for()


def test_the_same_without_javascript(open_as):
    plain_page = open_as(scripts=False)
    plain_page.goto("/chat/")
    plain_page.get_by_label("Your question").fill("Is it open on Sunday?")
    plain_page.get_by_label("Your e-mail address").fill("plain.guest@example.com")
    plain_page.get_by_role("button", name="Send").click()
    plain_page.get_by_label("Write").fill("I mean the tip.")
    plain_page.get_by_role("button", name="Send").click()
    plain_page.get_by_label("Add a photo or a file").set_input_files(
        {"name": "tip.jpg", "mimeType": "image/jpeg", "buffer": samples.picture()}
    )
    plain_page.get_by_role("button", name="Send").click()
    plain_page.get_by_role("link", name="Look for new messages").click()
    assert len(plain_page.get_by_role("log").get_by_role("listitem").all()) == 3
    plain_page.get_by_role("img", name="Photo: tip.jpg").wait_for()

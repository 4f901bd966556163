"""A caseworker takes what waits, asks, resolves with a photo, and the customer hears of each."""

from tests.portal.field.conftest import picture


def test_from_the_queue_of_the_team_to_the_last_word(desk, asked):
    email, (fridge, sofa) = asked("A fridge on the verge", "A sofa on the verge", team="street-scene")
    dev = desk("dev@barnet.example")
    dev.opens(dev.link("With my teams"))
    dev.types(dev.main.get_by_label("Search", exact=True), email)
    dev.enters()
    dev.opens(dev.link(fridge))

    dev.opens(dev.button("Take it"))
    assert dev.reads("It is yours.")
    dev.opens(dev.button("Ask the customer"))
    dev.types(dev.main.get_by_label("Question to the customer"), "In front of which house?")
    dev.opens(dev.button("Send the question"))
    assert dev.reads("The promise stands still")

    dev.opens(dev.link("Next request"))
    assert dev.reads(sofa)
    dev.opens(dev.button("Take it"))
    dev.opens(dev.button("Resolve"))
    dev.opens(dev.button("Resolve and tell the customer"))
    assert dev.reads("Choose how it ended")
    dev.ticks(dev.main.locator("input[name=outcome]").first)
    dev.main.get_by_label("Photo for the customer").set_input_files(
        {"name": "swept.jpg", "mimeType": "image/jpeg", "buffer": picture(colour="green").read()}
    )
    dev.opens(dev.button("Resolve and tell the customer"))
    assert dev.reads("Resolved. The customer is told now.")

    assert "In front of which house?" in dev.wait_for_mail(email, fridge)
    assert "swept.jpg" not in dev.wait_for_mail(email, sofa)

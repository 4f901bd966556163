from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.waste.enums import Stream


class Destination(models.TextChoices):
    """Where a thing goes: one of the bins of the home, or somewhere else."""

    REFUSE = "refuse", _("Your refuse bin")
    RECYCLING = "recycling", _("Your recycling bin")
    FOOD = "food", _("Your food waste caddy")
    GARDEN = "garden", _("Your garden waste bin")
    CENTRE = "centre", _("The recycling centre")
    SHOP = "shop", _("A shop or charity that takes it back")
    BULKY = "bulky", _("A bulky waste collection")
    SPECIAL = "special", _("Ask us first")

    @property
    def stream(self) -> Stream | None:
        return Stream(self.value) if self.value in Stream.values else None

    @property
    def advice(self) -> str:
        return str(_ADVICE[self])

    @property
    def link(self) -> tuple[str, str] | None:
        """Where to go on from the page of the thing: the address, and its words."""
        found = _LINKS.get(self)
        return (found[0], str(found[1])) if found else None


_ADVICE = {
    Destination.REFUSE: _("Bag it, and put it out with your refuse."),
    Destination.RECYCLING: _("Put it loose into the recycling bin: no bags."),
    Destination.FOOD: _("Into the food waste caddy, with or without a liner that rots. No plastic."),
    Destination.GARDEN: _("Put it loose into the garden waste bin. Only homes that pay for the service have one."),
    Destination.CENTRE: _("Take it to the household recycling centre. Bring proof that you live in the borough."),
    Destination.SHOP: _("It does not go into any of your bins if you can help it: take it back."),
    Destination.BULKY: _("Book a collection from your home, or take it to the recycling centre."),
    Destination.SPECIAL: _("It needs care. Keep it safe where it is, and ask us before you do anything."),
}
_LINKS = {
    Destination.GARDEN: ("/services/garden-waste/", _("Garden waste collection")),
    Destination.BULKY: ("/services/bulky-waste/", _("Bulky waste collection")),
    Destination.SPECIAL: ("/services/general-enquiry/", _("Ask us")),
}

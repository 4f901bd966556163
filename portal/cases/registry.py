"""What a service tells about its cases: the outcomes that staff may choose, and what else they see on the case page.

A room registers one `CaseKind` for each service slug from its `AppConfig.ready()`. A second registration of a slug
is refused. `DEMO_KIND`, registered by this app for `general-enquiry`, documents the interface; a service without a
kind of its own gets the same outcomes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from barnet.customers.models import Customer, User
    from portal.cases.models import Case

Words = str | Promise
StaffRows = Callable[["Case"], Sequence[tuple[Words, object]]]
PrivateRows = Callable[["Case", "User"], Sequence[tuple[Words, object]]]


@dataclass(frozen=True)
class Outcome:
    """How a case can end. `default_reason` is what the customer reads unless staff write something better."""

    code: str
    label: Words
    default_reason: Words
    is_done: bool = True  # the customer got what they asked for
    is_chosen: bool = True  # staff choose it when they resolve; else only the room's own page ends a case so


@dataclass(frozen=True)
class Link:
    """To a page of the room, among the buttons of the case page."""

    label: Words
    url: str


Links = Callable[["Case", "User"], Sequence[Link]]
Erase = Callable[[Any], Any]  # a value, without the words that must go


@dataclass(frozen=True)
class CaseKind:
    """Outcomes and extra rows for the cases of one service.

    `staff_rows(case)` returns (label, value) pairs for the panel `panel_title` on the case page of the back office;
    it reads only, and costs the same few queries for every case. `private_rows(case, user)` follow in the same panel:
    the room looks at the rights of the reader, and records the reading. `links(case, user)` lead to pages of the room.
    `fits(case, outcome)` says which of the outcomes can end this case; without it, every one can.
    `is_bound`: the room keeps records about each case, so that it cannot become one of another service, or the reverse.
    `on_outcome(case)` runs whenever an outcome is set or taken back (`case.outcome` is empty then), in the same
    transaction and under the lock of the case.
    """

    service_slug: str
    outcomes: tuple[Outcome, ...]
    panel_title: Words = ""
    staff_rows: StaffRows | None = None
    private_rows: PrivateRows | None = None
    links: Links | None = None
    fits: Callable[["Case", Outcome], bool] | None = None
    on_outcome: Callable[["Case"], None] | None = None
    is_bound: bool = False

    def outcome(self, code: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.code == code), None)

    def outcomes_of(self, case: "Case") -> list[Outcome]:
        """Those that can end this case."""
        return [outcome for outcome in self.outcomes if self.fits is None or self.fits(case, outcome)]


def _demo_rows(case: "Case") -> list[tuple[Words, object]]:
    return [(_("Owner of the service"), case.service.owner_unit)]


DEMO_KIND = CaseKind(
    service_slug="general-enquiry",
    outcomes=(
        Outcome("done", _("Done"), _("We have done what you asked for.")),
        Outcome("answered", _("Question answered"), _("We have answered your question.")),
        Outcome(
            "passed_on",
            _("Not ours, passed on"),
            _("This is not something that the council deals with. We have passed it to the organisation that does."),
            is_done=False,
        ),
        Outcome("not_possible", _("Not possible"), _("We cannot do what you asked for. We are sorry."), is_done=False),
    ),
    panel_title=_("About this enquiry"),
    staff_rows=_demo_rows,
)


@dataclass(frozen=True)
class Attached:
    """What a room keeps with cases of any service, such as the answers of a form: ways to it from the page of a case.

    `staff_links(case, user)` stand among the buttons of the back office, by the rights of the reader; `own_links(case)`
    are for residents who may read the case. `answer_link(case)` is for who may act, when the case waits for an answer
    that is given on a page of the room. All read only, and cost the same few queries for every case.
    `on_received(case)` runs when a case was made, in the same transaction.
    `on_claimed(case, customer)` runs when a case that was made without an account has joined somebody's: what the room
    keeps of it goes to them, in the same transaction.
    `public_pictures(case)` are whole addresses of pictures that everybody may see.
    `erase(case, without)` takes words out of what the room keeps and says of how many records, in the same transaction.
    """

    key: str
    staff_links: Links | None = None
    own_links: Callable[["Case"], Sequence[Link]] | None = None
    answer_link: Callable[["Case"], Link | None] | None = None
    on_received: Callable[["Case"], object] | None = None
    public_pictures: Callable[["Case"], Sequence[str]] | None = None
    erase: Callable[["Case", Erase], int] | None = None
    on_claimed: Callable[["Case", "Customer"], object] | None = None


_kinds: dict[str, CaseKind] = {}
_attached: dict[str, Attached] = {}


def attach(attached: Attached) -> None:
    if attached.key in _attached:
        raise ImproperlyConfigured(f"Something named {attached.key} is already attached to cases.")
    _attached[attached.key] = attached


def staff_links_of(case: "Case", user: "User") -> list[Link]:
    """Those of its kind, and of everything that is attached to cases."""
    found = [kind_for(case.service.slug).links, *(attached.staff_links for attached in _attached.values())]
    return [link for links in found if links for link in links(case, user)]


def own_links_of(case: "Case") -> list[Link]:
    return [link for attached in _attached.values() if attached.own_links for link in attached.own_links(case)]


def answer_links_of(case: "Case") -> list[Link]:
    found = [attached.answer_link(case) for attached in _attached.values() if attached.answer_link]
    return [link for link in found if link]


def public_pictures_of(case: "Case") -> list[str]:
    found = [attached.public_pictures(case) for attached in _attached.values() if attached.public_pictures]
    return [url for urls in found for url in urls]


def tell_attached(case: "Case") -> None:
    for attached in _attached.values():
        if attached.on_received:
            attached.on_received(case)


def erasers() -> list[Callable[["Case", Erase], int]]:
    return [attached.erase for attached in _attached.values() if attached.erase]


def claimers() -> list[Callable[["Case", "Customer"], object]]:
    return [attached.on_claimed for attached in _attached.values() if attached.on_claimed]


def register(kind: CaseKind) -> None:
    if kind.service_slug in _kinds:
        raise ImproperlyConfigured(f"The service {kind.service_slug} already has a kind of case.")
    codes = [outcome.code for outcome in kind.outcomes]
    if not codes or len(set(codes)) != len(codes):
        raise ImproperlyConfigured(f"The outcomes of {kind.service_slug} must be some, and each code only once.")
    _kinds[kind.service_slug] = kind


def kind_for(service_slug: str) -> CaseKind:
    return _kinds.get(service_slug, DEMO_KIND)


def all_outcomes() -> dict[str, Outcome]:
    """Every outcome of every kind by its code; where two kinds share a code, the first registered speaks."""
    outcomes: dict[str, Outcome] = {}
    for kind in [*_kinds.values(), DEMO_KIND]:
        for outcome in kind.outcomes:
            outcomes.setdefault(outcome.code, outcome)
    return outcomes

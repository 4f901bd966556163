"""Asking for an assisted collection, granting it, changing and ending it. One transaction an act.

Who asks twice joins the own open request. Somebody else's request for the same home stays apart, and reads nothing of
the first: that one exists would tell a stranger that somebody vulnerable lives there. Staff see both on either page,
and the database refuses a second arrangement for the same days.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.consent import agreeing
from barnet.customers.consent.agreeing import StaleTextError
from barnet.customers.models import Customer, PurposeText
from barnet.gazetteer.models import Address
from barnet.kit.languages import in_english
from barnet.kit.wording import date_long, day
from portal.cases.models import Case
from portal.cases.services import ContactDetails, MoveRefusedError, Receipt, add_note, receive_case, resolve_case
from portal.cases.services.writing import lock_case, refuse_stale, take_turn
from portal.waste.assisted.enums import Standing
from portal.waste.assisted.purpose import text_of_today
from portal.waste.models import AssistedCollection, AssistedRequest

SERVICE_SLUG = "assisted-collection"
GRANTED = "granted"
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Where the bins stand, and how the crew gets there."""

    stands: str
    place: str = ""
    gate_code: str = ""

    @property
    def in_words(self) -> str:
        return ": ".join(filter(None, [str(Standing(self.stands).label), self.place]))


@dataclass(frozen=True)
class Application:
    """`until` None: for as long as it is needed."""

    address: Address
    actor: Actor
    submission_key: str
    need: str
    place: Place
    text: PurposeText
    need_words: str = ""
    until: dt.date | None = None
    customer: Customer | None = None
    contact: ContactDetails = field(default_factory=ContactDetails)


@in_english()
@transaction.atomic
def apply_for_assistance(application: Application) -> Receipt:
    """Raises StaleTextError when the text that they agreed to is not the one of today any more."""
    current = text_of_today()
    if current is None or current.pk != application.text.pk:
        raise StaleTextError(_lazy("The text changed since you opened the page. Read it again, then choose."))

    def write_request(case: Case) -> None:
        AssistedRequest.objects.create(
            case=case,
            address=application.address,
            need=application.need,
            need_words=application.need_words,
            until=application.until,
            agreed_text=application.text,
            **_columns(application.place),
        )
        _agree(application)

    return receive_case(
        Service.objects.get(slug=SERVICE_SLUG),
        actor=application.actor,
        submission_key=application.submission_key,
        title=_("Help with putting bins out"),
        details=[
            (_("Where the bins stand"), application.place.in_words),
            (_("For how long"), _until_in_words(application.until)),
        ],
        customer=application.customer,
        contact=application.contact,
        address=application.address,
        same_as_key=_same_as_key(application),
        on_created=write_request,
    )


def _agree(application: Application) -> None:
    """Somebody without a record agreed, too: `AssistedRequest` says to which text, and when."""
    by = application.actor.user
    if application.customer and by:
        agreeing.agree(application.customer, application.text, actor=application.actor, by=by)


def _same_as_key(application: Application) -> str:
    contact = application.contact
    whose = application.customer.pk if application.customer else (contact.email.lower() or contact.phone)
    person = hashlib.sha256(repr(whose).encode()).hexdigest()[:32]
    return f"assisted:{application.address.pk}:{person}"


def _until_in_words(until: dt.date | None) -> str:
    return _("Until %(day)s") % {"day": date_long(until)} if until else _("For as long as it is needed")


def _columns(place: Place) -> dict[str, str]:
    return {"stands": place.stands, "place": place.place, "gate_code": place.gate_code}


# --- Deciding ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """What staff grant. `until` is the last day; None: until further notice."""

    from_on: dt.date
    until: dt.date | None
    review_on: dt.date
    place: Place

    @property
    def over_on(self) -> dt.date | None:
        return self.until + ONE_DAY if self.until else None

    def check(self, today: dt.date) -> None:
        problems = {}
        if self.from_on < today:
            problems["from_on"] = _lazy("Choose today or a later day: the crew cannot go back in time.")
        if self.until and self.until < self.from_on:
            problems["until"] = _lazy("The last day must be the same as or after the first.")
        if not self.from_on < self.review_on <= self.from_on + dt.timedelta(days=3 * 366):
            problems["review_on"] = _lazy("Choose a day after the first, at most three years later.")
        if problems:
            raise ValidationError(problems)  # type: ignore[arg-type]


@in_english()
@transaction.atomic
def grant_assistance(
    case: Case, terms: Terms, *, actor: Actor, public_reason: str = "", version: int | None = None
) -> AssistedCollection:
    """Makes the arrangement and resolves the case, both or neither. Twice is once.

    An earlier arrangement of the same person for the home gives way on the day on which the new one begins. Raises
    MoveRefusedError when somebody else has one for those days, ValidationError by field when the terms make no sense.
    """
    take_turn(_turn(case.address_id))
    case = lock_case(case)
    if granted := _already_granted(case, terms):
        return granted
    refuse_stale(case, version)
    terms.check(timezone.localdate())
    if case.address is None:
        raise MoveRefusedError(_lazy("The request names no address of ours."))
    _make_way(case, terms.from_on)
    if _overlapping(case.address, terms):
        raise MoveRefusedError(
            _("For these days this home has an assisted collection already. End that one first, or choose other days.")
        )
    arrangement = AssistedCollection.objects.create(
        case=case,
        address=case.address,
        customer=case.customer,
        email="" if case.customer else case.contact_email,
        from_on=terms.from_on,
        over_on=terms.over_on,
        review_on=terms.review_on,
        **_columns(terms.place),
    )
    resolve_case(case, actor=actor, outcome=GRANTED, public_reason=public_reason or reason_of(terms), version=version)
    return arrangement


def reason_of(terms: Terms) -> str:
    words = _("From %(day)s on our crew fetches your bins and takes them back. You need not bring them out.") % {
        "day": day(terms.from_on)
    }
    if terms.until:
        return f"{words} {_('The last day is %(day)s.') % {'day': day(terms.until)}}"
    return f"{words} {_('By %(day)s we ask you whether you still need it.') % {'day': day(terms.review_on)}}"


def _turn(uprn: int | None) -> str:
    return f"assisted home:{uprn}"


def _already_granted(case: Case, terms: Terms) -> AssistedCollection | None:
    if case.is_open:
        return None
    return AssistedCollection.objects.filter(
        case=case, from_on=terms.from_on, over_on=terms.over_on, review_on=terms.review_on, **_columns(terms.place)
    ).first()


def _make_way(case: Case, from_on: dt.date) -> None:
    """The person's own earlier arrangement for this home ends where the new one begins."""
    mine = AssistedCollection.objects.filter(address=case.address_id).not_over(from_on)
    own = mine.filter(customer=case.customer_id) if case.customer_id else mine.filter(case=case)
    for earlier in own.select_for_update():
        earlier.over_on = max(from_on, earlier.from_on)
        earlier.save(update_fields=["over_on"])


def _overlapping(address: Address, terms: Terms) -> bool:
    others = AssistedCollection.objects.filter(address=address).not_over(terms.from_on)
    if terms.over_on:
        others = others.filter(from_on__lt=terms.over_on)
    return any(other.over_on != other.from_on for other in others)


# --- Afterwards -------------------------------------------------------------------------------------------------------


@in_english()
@transaction.atomic
def move_bins(arrangement: AssistedCollection, place: Place, *, actor: Actor) -> AssistedCollection:
    """Where the bins stand has changed. The crew's list says so at once."""
    arrangement = _lock(arrangement)
    _refuse_over(arrangement)
    was, new = (arrangement.stands, arrangement.place, arrangement.gate_code), _columns(place)
    if was == tuple(new.values()):
        return arrangement
    for name, value in new.items():
        setattr(arrangement, name, value)
    arrangement.save(update_fields=list(new))
    add_note(arrangement.case, actor=actor, text=_("The bins stand elsewhere now, or the way to them has changed."))
    return arrangement


@in_english()
@transaction.atomic
def end_assistance(arrangement: AssistedCollection, *, actor: Actor, why: str = "") -> AssistedCollection:
    """Today is the last day; one that has not begun never does. Twice is once."""
    arrangement = _lock(arrangement)
    tomorrow = timezone.localdate() + ONE_DAY
    if arrangement.over_on and arrangement.over_on <= tomorrow:
        return arrangement
    arrangement.over_on = tomorrow if arrangement.from_on < tomorrow else arrangement.from_on
    arrangement.save(update_fields=["over_on"])
    add_note(arrangement.case, actor=actor, text=" ".join(filter(None, [_("The assisted collection was ended."), why])))
    _settle_review(arrangement, "ended", actor)
    return arrangement


@in_english()
@transaction.atomic
def confirm_need(
    arrangement: AssistedCollection, *, actor: Actor, review_on: dt.date | None = None
) -> AssistedCollection:
    """It is still needed: the next review is two years from today, or on the day that staff choose. Twice is once."""
    arrangement = _lock(arrangement)
    _refuse_over(arrangement)
    now = timezone.now()
    next_on = review_on or timezone.localdate() + REVIEW_AFTER
    if arrangement.review_on >= next_on:
        return arrangement
    arrangement.review_on, arrangement.review_asked_at, arrangement.confirmed_at = next_on, None, now
    arrangement.save(update_fields=["review_on", "review_asked_at", "confirmed_at"])
    add_note(
        arrangement.case, actor=actor, text=_("Still needed. The next review is on %(day)s.") % {"day": day(next_on)}
    )
    _settle_review(arrangement, "still_needed", actor)
    return arrangement


REVIEW_SERVICE = "assisted-collection-review"
REVIEW_AFTER = dt.timedelta(days=2 * 365)


def review_key(arrangement: AssistedCollection) -> str:
    return f"assisted-review:{arrangement.pk}"


def _settle_review(arrangement: AssistedCollection, outcome: str, actor: Actor) -> None:
    """The question that the team was given is answered."""
    asked = Case.objects.open().filter(same_as_key=review_key(arrangement)).select_related("service").first()
    if asked:
        reasons = {"ended": _("They no longer need it."), "still_needed": _("They still need it.")}
        resolve_case(asked, actor=actor, outcome=outcome, public_reason=reasons[outcome])


def _lock(arrangement: AssistedCollection) -> AssistedCollection:
    return (
        AssistedCollection.objects.select_for_update(of=("self",))
        .select_related("case__service", "address", "customer__user")
        .get(pk=arrangement.pk)
    )


def _refuse_over(arrangement: AssistedCollection) -> None:
    if arrangement.is_over(timezone.localdate()):
        raise MoveRefusedError(_lazy("This assisted collection is over. Ask for a new one."))

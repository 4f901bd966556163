"""Which containers may a home order, how many, and for which reasons? Decided on facts that `selectors` gathers.

Only what the home is on a round for. A home has so many of a group of kinds as the catalogue says: the bins on its
list count, and those that open orders will add. A lost, damaged or too small one is replaced, which adds nothing. Bins
of an unknown description count in every group of their stream. What has a fee is ordered through staff, who take the
payment. To give one back costs nothing, and is possible when the home is no longer on the round.
"""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from barnet.catalogue.pricing import Price
from barnet.kit.wording import day
from portal.cases.models import Case
from portal.waste.models import Container, ContainerKind
from portal.waste.orders.enums import Handover, OrderReason

MOST_AT_ONCE = 10  # of one kind in one order; a constraint of the table


@dataclass(frozen=True)
class KindFacts:
    """What is known of one kind at one home at one moment."""

    kind: ContainerKind
    has_round: bool
    held: list[Container]  # of its group, those of this kind first
    replaceable: list[Container]  # of these, no open order replaces them
    smaller: list[Container]  # of these, known to be smaller
    exactly: list[Container]  # of these, described as this kind
    pending: int  # so many more will open orders of the group bring
    was_lately_brought: bool  # only of what the crew does not empty
    price: Price | None
    open_case: Case | None
    fetched_case: Case | None  # somebody asked us to take one away, and we have not been there yet


@dataclass(frozen=True)
class KindChoice:
    """One kind on the page: choose it, or read why not and what to do."""

    facts: KindFacts
    most: dict[OrderReason, int] = field(default_factory=dict)  # how many for each reason that is possible
    sentence: str = ""
    advice: str = ""

    @property
    def kind(self) -> ContainerKind:
        return self.facts.kind

    @property
    def open_case(self) -> Case | None:
        return self.facts.open_case

    @property
    def fee(self) -> int:
        price = self.facts.price
        return price.current.amount if price and price.current else 0

    def fee_for(self, reason: OrderReason) -> int:
        return 0 if reason.is_free else self.fee

    def most_for(self, *, by_staff: bool) -> dict[OrderReason, int]:
        return {reason: most for reason, most in self.most.items() if by_staff or not self.fee_for(reason)}

    def most_of_any(self, *, by_staff: bool) -> int:
        return max(self.most_for(by_staff=by_staff).values(), default=0)

    def may_choose(self, *, by_staff: bool) -> bool:
        return bool(self.most_for(by_staff=by_staff))

    @property
    def needs_payment(self) -> bool:
        """Something of it can be ordered, and only staff can do so, who take the payment."""
        return bool(self.fee) and any(not reason.is_free for reason in self.most)

    def reasons(self, number: int, *, by_staff: bool) -> list[OrderReason]:
        return [reason for reason, most in self.most_for(by_staff=by_staff).items() if most >= number]


def decide(facts: KindFacts) -> KindChoice:
    choice = _decide_bringing(facts)
    back = _most_back(facts)
    if facts.fetched_case:
        words = _("We fetch one already, by %(day)s.") % {"day": day(facts.fetched_case.promise_on)}
        return replace(choice, sentence=" ".join(filter(None, [words, choice.sentence])))
    return replace(choice, most={**choice.most, OrderReason.GIVE_BACK: back}) if back else choice


def _most_back(facts: KindFacts) -> int:
    """Of those of this kind that stand there and that no open order takes away or exchanges."""
    if OrderReason.GIVE_BACK not in facts.kind.reasons or facts.kind.handover == Handover.COLLECTED:
        return 0
    return min(len(facts.exactly), MOST_AT_ONCE)


def _decide_bringing(facts: KindFacts) -> KindChoice:
    kind = facts.kind
    if kind.handover == Handover.COLLECTED:
        return KindChoice(facts, sentence=_("Fetch it yourself."), advice=kind.collect_at)
    if not facts.has_round:
        return KindChoice(
            facts,
            sentence=_("We do not collect this from your home."),
            advice=_("If your home is new, or you think that this is a mistake, contact us."),
        )
    if kind.fee_code and (facts.price is None or facts.price.current is None):
        return KindChoice(
            facts, sentence=_("No price is set for it at the moment."), advice=_("Contact us to order it.")
        )
    most = {reason: number for reason, number in _most(facts).items() if number > 0 and reason in kind.reasons}
    if facts.open_case:
        return KindChoice(
            facts,
            most or {_any_that_brings(kind): 1},
            _("It is ordered already. We promise it by %(day)s.") % {"day": day(facts.open_case.promise_on)},
            _("Order it again to be told what happens, too."),
        )
    return KindChoice(facts, most, *_enough(facts, most))


def _most(facts: KindFacts) -> dict[OrderReason, int]:
    at_once = facts.kind.most_ordered
    if not facts.kind.is_emptied:  # nobody lists them: a lost one is believed
        new = 0 if facts.was_lately_brought or facts.pending else min(at_once, facts.kind.most_held)
        return {
            OrderReason.NEW_HOME: new,
            OrderReason.LOST: at_once,
            OrderReason.DAMAGED: at_once,
        }
    room = min(facts.kind.most_held - len(facts.held) - facts.pending, at_once)
    replaceable = min(len(facts.replaceable), at_once)
    return {
        OrderReason.NEW_HOME: 0 if facts.held else room,
        OrderReason.LOST: replaceable,
        OrderReason.DAMAGED: replaceable,
        OrderReason.TOO_SMALL: min(len(facts.smaller), at_once),
        OrderReason.ADDITIONAL: room if facts.held else 0,
    }


def _any_that_brings(kind: ContainerKind) -> OrderReason:
    """Whoever joins an open order says why, and it changes nothing."""
    brings = [OrderReason(reason) for reason in kind.reasons if reason != OrderReason.GIVE_BACK]
    return brings[0] if brings else OrderReason.ADDITIONAL


def _enough(facts: KindFacts, most: dict[OrderReason, int]) -> tuple[str, str]:
    if any(reason.adds for reason in most):
        return "", ""
    has = len(facts.held) + facts.pending
    if not facts.kind.is_emptied:
        return _("We brought you one lately."), _("You can order it again when it is lost or damaged.")
    sentence = _("Your home has %(has)d already, or on order: a home may have %(may)d.") % {
        "has": has,
        "may": facts.kind.most_held,
    }
    if not most:
        return sentence, _("Wait for what is on order. If you need more, for example for health reasons, contact us.")
    return sentence, _("You can have one replaced when it is lost, damaged or too small. For more, contact us.")

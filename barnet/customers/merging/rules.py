"""What becomes of every row that names a customer when their record is merged into another.

Each room declares its own from `AppConfig.ready()`; a test walks every foreign key to `Customer` and fails for one
without a rule. Histories written by triggers need none: they say what was.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import Customer


@dataclass(frozen=True)
class Rule:
    """`like`: fields that two rows of one customer may not share; one that has such a counterpart stays behind.
    `among`: the rows for which that holds. `is_flag_cleared`: a yes that one customer may have once.
    `not_between`: the other side, which must not become the same person. `stays`: written once, readers follow.
    """

    label: str | Promise
    like: tuple[str, ...] = ()
    among: Q = field(default_factory=Q)
    is_flag_cleared: str = ""
    not_between: str = ""
    stays: bool = False


RULES: dict[str, Rule] = {}


def declare(path: str, rule: Rule) -> None:
    """`path`: "app.Model.field"."""
    if path in RULES:
        raise ImproperlyConfigured(f"What merging does with {path} is declared twice.")
    RULES[path] = rule


def stays(label: str | Promise) -> Rule:
    return Rule(label, stays=True)


def place_of(path: str) -> tuple[type[models.Model], str]:
    label, _dot, name = path.rpartition(".")
    return apps.get_model(label), name


def going_over(path: str, *, merged: Customer, kept: Customer) -> QuerySet[models.Model]:
    """The rows that go from `merged` to `kept`."""
    model, name = place_of(path)
    rule = RULES[path]
    rows = model._base_manager.filter(**{name: merged})
    if rule.stays:
        return rows.none()
    if rule.not_between:
        rows = rows.exclude(**{rule.not_between: kept})
    if rule.like:
        same = {attribute: OuterRef(attribute) for attribute in rule.like}
        theirs = model._base_manager.filter(rule.among, **{name: kept}, **same)
        rows = rows.exclude(Exists(theirs), rule.among) if rule.among else rows.exclude(Exists(theirs))
    return rows


def declare_own() -> None:
    points, needs = _("Ways to reach them"), _("What they need")
    own = {
        "ContactPoint.customer": Rule(points, like=("kind", "value"), is_flag_cleared="is_preferred"),
        "ChannelPreference.customer": Rule(_("How they want to be told"), like=("topic",)),
        "Need.customer": Rule(needs, like=("kind",), among=Q(ended_at=None)),
        "WithheldReader.customer": Rule(_("Readings that they are not told of"), like=("reader",)),
        "AssistedVisit.customer": Rule(_("Visits at which we helped them")),
        "Alert.customer": Rule(_("Alerts to staff")),
        "Delegation.principal": Rule(
            _("Who may act for them"), like=("delegate", "kind"), among=Q(revoked_at=None), not_between="delegate"
        ),
        "Delegation.delegate": Rule(
            _("For whom they may act"), like=("principal", "kind"), among=Q(revoked_at=None), not_between="principal"
        ),
        "Invitation.principal": Rule(_("Invitations"), like=("email",), among=Q(state="pending") & ~Q(email="")),
        "Customer.merged_into": Rule(_("Records that were merged before")),
        "CustomerMerge.kept": stays(_("What was merged")),
        "CustomerMerge.merged": stays(_("What was merged")),
        "AccessRecord.customer": stays(_("Who read their record")),
        "IdentityCheck.customer": stays(_("How surely we knew them")),
        "Consent.customer": stays(_("What they agreed to")),
    }
    for path, rule in own.items():
        declare(f"customers.{path}", rule)

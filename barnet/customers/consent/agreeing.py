"""What people agree to and withdraw. Rooms ask `has_agreed` before they do what needs consent."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.models import Consent, Customer, Purpose, PurposeText, User

FIRST = [
    (
        "opinion",
        "Ask me what I think of a service",
        "After we dealt with a request of yours, we may ask you how it went. We use your e-mail address for it and "
        "keep your answer for two years, apart from your request. You can withdraw at any time, and we stop asking.",
    ),
    (
        "one-view",
        "Bring together what different services know about me",
        "Staff who help you may see on one page what several services of the council hold about you, so that you need "
        "not say it again. Nobody sees more than their work needs, and every reading is recorded for you to see. "
        "You can withdraw at any time.",
    ),
    (
        "earlier-answers",
        "Use my earlier answers in new forms",
        "When you begin a form, we can fill in what you told us in an earlier one, with the form and the month that "
        "it comes from. We ask you each time, and never use answers about your health or other sensitive things. "
        "You can withdraw at any time.",
    ),
]


class StaleTextError(ValueError):
    """The text that somebody agreed to is not the one that we ask for now."""


@dataclass(frozen=True)
class Asked:
    """One purpose as one person sees it: the text of today, and their last word on it."""

    purpose: Purpose
    text: PurposeText
    last: Consent | None

    @property
    def is_agreed(self) -> bool:
        return self.last is not None and self.last.is_given

    @property
    def is_older_version(self) -> bool:
        return self.last is not None and self.last.is_given and self.last.text_id != self.text.pk


def asked_of(customer: Customer) -> list[Asked]:
    """Every live purpose with a published text, in three queries however many there are."""
    texts: dict[int, PurposeText] = {}
    published = PurposeText.objects.filter(published_at__isnull=False, purpose__is_live=True)
    for text in published.select_related("purpose").order_by("purpose__name", "version"):
        texts[text.purpose_id] = text
    last: dict[int, Consent] = {}
    for consent in customer.consents.select_related("text").order_by("at", "pk"):
        last[consent.text.purpose_id] = consent
    return [Asked(text.purpose, text, last.get(pk)) for pk, text in texts.items()]


def has_agreed(customer: Customer, slug: str) -> bool:
    """The newest line counts. Agreement to an earlier version holds until somebody withdraws or agrees anew."""
    newest = customer.consents.filter(text__purpose__slug=slug).order_by("-at", "-pk").first()
    return newest is not None and newest.is_given


@transaction.atomic
def agree(customer: Customer, text: PurposeText, *, actor: Actor, by: User) -> Consent:
    """Only to the text of today. Saying the same twice writes one line."""
    return _say(customer, text, is_given=True, actor=actor, by=by)


@transaction.atomic
def withdraw(customer: Customer, text: PurposeText, *, actor: Actor, by: User) -> Consent:
    return _say(customer, text, is_given=False, actor=actor, by=by)


def _say(customer: Customer, text: PurposeText, *, is_given: bool, actor: Actor, by: User) -> Consent:
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    asked = next((one for one in asked_of(customer) if one.purpose.pk == text.purpose_id), None)
    if asked is None or asked.text.pk != text.pk:
        raise StaleTextError(_("The text changed since you opened the page. Read it again, then choose."))
    if asked.last and asked.last.is_given == is_given and asked.last.text_id == text.pk:
        return asked.last
    if asked.last is None and not is_given:
        raise StaleTextError(_("You have not agreed to this, so there is nothing to withdraw."))
    return Consent.objects.create(
        customer=customer, text=text, is_given=is_given, actor=by, right=actor.right, channel=actor.channel
    )


def next_version(purpose: Purpose) -> int:
    return (purpose.texts.aggregate(last=Max("version"))["last"] or 0) + 1


@transaction.atomic
def publish(text: PurposeText) -> PurposeText:
    """From now on it is what people are asked, and nobody changes it."""
    text = PurposeText.objects.select_for_update().get(pk=text.pk)
    if text.published_at is None:
        text.published_at = timezone.now()
        text.save(update_fields=["published_at"])
    return text


@transaction.atomic
def ensure_purposes() -> str:
    """The purposes that the portal asks for. What staff wrote stays as it is."""
    for slug, name, wording in FIRST:
        purpose, is_new = Purpose.objects.get_or_create(slug=slug, defaults={"name": name})
        if is_new:
            PurposeText.objects.create(purpose=purpose, version=1, wording=wording, published_at=timezone.now())
    return f"{len(FIRST)} purposes"

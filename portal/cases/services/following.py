"""Somebody hears of another's report, in their own words for it, until they say stop."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from barnet.customers.models import Customer
from barnet.kit.languages import in_english
from portal.cases.models import Case, Follower
from portal.cases.services.writing import lock_case, refuse_move

_STOP = "portal.cases.follower"


@in_english()
@transaction.atomic
def follow_case(
    case: Case, *, customer: Customer | None = None, email: str = "", title: str, place: str = ""
) -> Follower:
    """`title` and `place`: what they know of it. Twice is once. Raises MoveRefusedError when it is over."""
    if customer is None and not email:
        raise ValueError("Somebody follows: a customer, or an address that was proved.")
    case = lock_case(case)
    if not case.is_open:
        refuse_move(case)
    follower, _made = Follower.objects.get_or_create(
        case=case,
        customer=customer,
        email="" if customer else email.lower(),
        defaults={"title": title[:120], "place": place[:300]},
    )
    return follower


def stop_link(follower: Follower) -> str:
    token = signing.Signer(salt=_STOP).sign(str(follower.pk))
    return settings.BASE_URL + reverse("follow_end", args=[token])


def follower_of(token: str) -> Follower | None:
    """By the link in every message; None for a forged one, and when it was ended."""
    try:
        pk = int(signing.Signer(salt=_STOP).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Follower.objects.select_related("case").filter(pk=pk).first()


def stop_following(follower: Follower) -> None:
    Follower.objects.filter(pk=follower.pk).delete()

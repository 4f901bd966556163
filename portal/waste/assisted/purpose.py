"""The text to which somebody agrees who asks for an assisted collection: they tell us something about their health."""

from django.utils import timezone

from barnet.customers.models import Purpose, PurposeText

PURPOSE = "assisted-collection"
_NAME = "Know why I need help with my bins"
_WORDING = (
    "You tell us that you cannot bring your bins out, and that says something about your health. We use it only to "
    "decide whether the crew fetches your bins, and to ask later whether you still need it. Staff who decide read it; "
    "the crew reads where your bins stand, and nothing else. We delete the reason a year after the help ended or was "
    "refused. You can withdraw at any time: we then delete the reason, and ask you whether to go on."
)


def ensure_purpose() -> str:
    """What staff wrote stays as it is."""
    purpose, is_new = Purpose.objects.get_or_create(slug=PURPOSE, defaults={"name": _NAME})
    if is_new:
        PurposeText.objects.create(purpose=purpose, version=1, wording=_WORDING, published_at=timezone.now())
    return PURPOSE


def text_of_today() -> PurposeText | None:
    """None while nobody may be asked: then nobody can agree, and applications are taken by other ways only."""
    texts = PurposeText.objects.filter(purpose__slug=PURPOSE, purpose__is_live=True, published_at__isnull=False)
    return texts.order_by("-version").first()

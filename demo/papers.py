"""Papers that the librarian of the demo has certified for Asha: a passport, and a bill that is soon too old."""

import io

from dateutil.relativedelta import relativedelta
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from barnet.customers.models import Customer, User
from barnet.kit.files.checking import check_file
from portal.documents.models import Document, DocumentKind
from portal.documents.services import certify

PLACE = "Burnt Oak Library"


def certify_papers(asha: Customer, *, librarian: User) -> int:
    """Nothing where there are some already. How many were certified."""
    if Document.objects.exists():
        return 0
    today = timezone.localdate()
    papers = [
        ("Passport", today - relativedelta(years=3), today + relativedelta(years=7)),
        ("Council Tax bill", today - relativedelta(months=11), None),
    ]
    for number, (name, dated_on, expires_on) in enumerate(papers):
        certify(
            asha,
            kind=DocumentKind.objects.get(name=name),
            scan=check_file(ContentFile(_picture_of(name), f"{number}.png")),
            dated_on=dated_on,
            expires_on=expires_on,
            place=PLACE,
            by=librarian,
            submission_key=f"demo-paper-{number}",
        )
    return len(papers)


def _picture_of(name: str) -> bytes:
    picture = Image.new("RGB", (640, 440), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 620, 420), outline="black", width=3)
    draw.text((60, 60), f"{name.upper()}\nAsha Okonjo\nA specimen: this paper does not exist.", fill="black")
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()

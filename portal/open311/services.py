"""A report of another system becomes a case, once."""

import hashlib
import uuid
from collections.abc import Sequence

from barnet.customers.actors import Actor
from barnet.customers.api.api_keys import ApiKey
from barnet.customers.enums import Channel, Right
from barnet.kit.uploads import CleanPhoto
from portal.cases.models import Case
from portal.cases.services import receive_case
from portal.open311.allowing import Reach
from portal.open311.asking import answered, asked_by_service
from portal.open311.problems import CallRefusedError
from portal.open311.reading import LONGEST_DESCRIPTION, Sent, contact_of, media_of, place_of
from portal.open311.selectors import open_service
from portal.reports.services import write_report

FIXMYSTREET_ID = "fixmystreet_id"


def report(key: ApiKey, reach: Reach, sent: Sent, once: str, photos: Sequence[CleanPhoto] = ()) -> Case:
    """The same idempotency key of the same API key gives the same case, whatever else is sent with it."""
    code = sent.one("service_code")
    if not code:
        raise CallRefusedError("Send service_code.")
    row = open_service(code, reach)
    if not reach.reports(row.service_id):
        raise CallRefusedError("This api_key may not report this service.", 403)
    description, attributes = sent.one("description", longest=LONGEST_DESCRIPTION), sent.attributes()
    theirs = attributes.pop(FIXMYSTREET_ID, [""])[-1]
    details = answered(asked_by_service([row.service]).get(row.service_id, []), attributes)
    if description:
        details = [("Description", description), *details]
    if theirs:
        details.append(("Number at FixMyStreet", theirs[:100]))
    urls = media_of(sent)
    details += [("Picture elsewhere", url) for url in urls]
    address, words, point = place_of(sent)

    def keep(case: Case) -> None:
        row_of_case = write_report(case, about=row.about)
        row_of_case.api_key, row_of_case.description, row_of_case.media_urls = key, description, urls
        row_of_case.is_private = row.pk is None
        row_of_case.save(update_fields=["api_key", "description", "media_urls", "is_private"])

    return receive_case(
        row.service,
        actor=Actor(None, Right.SELF, Channel.WEB),
        submission_key=_submission_key(key, once or theirs),
        title=row.service.name,
        details=details,
        contact=contact_of(sent),
        address=address,
        address_text=words,
        location=point,
        photos=photos,
        on_created=keep,
    ).case


def _submission_key(key: ApiKey, once: str) -> str:
    name = f"open311:{key.pk}:{once}" if once else f"open311:{uuid.uuid4()}"
    return hashlib.sha256(name.encode()).hexdigest()

"""A request becomes public, and staff let everybody read its words and pictures."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.gazetteer.selectors import neighbours
from portal.cases.enums import EntryKind
from portal.cases.models import Case
from portal.cases.services.writing import lock_case, refuse_stale, write_entry
from portal.reports.models import About, PublicReport, PublicService, public_point
from portal.reports.pictures import Picture, shown_by_all
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.versions import definition_of

_NEAREST = 150  # metres to the street after which a place is named


def open_service(
    service: Service,
    *,
    about: str,
    name: str = "",
    group: str = "",
    keywords: Iterable[str] = (),
    form: SmartForm | None = None,
    answers: dict[str, str] | None = None,
) -> PublicService:
    """Made public from now on; said again, it is changed. With a form, people begin on the map."""
    said = {"about": about, "name": name, "group": group, "keywords": list(keywords)}
    row, _made = PublicService.objects.update_or_create(
        service=service, defaults={**said, "form": form, "answers": answers or {}}
    )
    begin_on_the_map(row)
    return row


def begin_on_the_map(row: PublicService) -> None:
    """The service starts with the map, where it started with the very form, or with nothing."""
    if row.form is None:
        return
    ways = {"", row.form.get_absolute_url()}
    starts = row.service.start_path.partition("?")[0] in ways
    if starts:
        Service.objects.filter(pk=row.service_id).update(start_path=row.get_start_url())


def make_public(case: Case) -> PublicReport | None:
    """When a request about the street was made, whichever way it came: it is told where it is, and nothing that anybody
    wrote. What is at a home is told only by other systems, whose reporters know that it is public."""
    row = PublicService.objects.filter(service=case.service_id, about=About.STREET).first()
    return write_report(case, about=About.STREET) if row else None


def write_report(case: Case, *, about: str) -> PublicReport:
    point = public_point(case.location, about)
    report, _made = PublicReport.objects.get_or_create(
        case=case,
        defaults={
            "about": about,
            "received_at": case.opened_at,
            "place": street_of(case),
            "point": point,
        },
    )
    return report


def street_of(case: Case) -> str:
    """The street of its address, or of the nearest one: a name of ours, never what somebody typed."""
    if case.address:
        return _street(case.address.street, case.address.town)
    return near(case.location) if case.location else ""


def near(point: Point) -> str:
    nearest = neighbours(point, _NEAREST).exclude(street="").first()
    return _street(nearest.street, nearest.town) if nearest else ""


def _street(street: str, town: str) -> str:
    return ", ".join(part.title() for part in (street, town) if part)


def told_answers(kind: PublicService, version: FormVersion, place: Mapping[str, str]) -> dict[str, Any]:
    """What was said before the form: what is wrong, and where; in JSON, by the names of its questions."""
    questions = definition_of(version).questions
    told = {key: value for key, value in kind.answers.items() if key in questions}
    where = next((key for key, question in questions.items() if question.kind == "location"), None)
    return {**told, where: dict(place)} if where else told


@transaction.atomic
def release(
    report: PublicReport,
    *,
    actor: User,
    words: str,
    pictures: Iterable[Picture] = (),
    shows_media: bool = False,
    version: int | None = None,
) -> PublicReport:
    """What everybody reads and sees of it from now on; empty: nothing but what and where. It can be changed later.

    Raises StaleCaseError, and ValidationError for a picture that cannot be shown."""
    case = lock_case(report.case)
    refuse_stale(case, version)
    report = PublicReport.objects.select_for_update().get(pk=report.pk)
    chosen = [shown_by_all(case, picture, Actor.staff(actor)) for picture in pictures]
    report.words, report.shows_media = words.strip(), shows_media
    report.checked_at, report.checked_by = timezone.now(), actor
    report.save(update_fields=["words", "shows_media", "checked_at", "checked_by"])
    report.photos.set(chosen)
    write_entry(
        case,
        EntryKind.NOTE,
        actor=Actor.staff(actor),
        subject=case.customer,
        internal_text=_("Everybody may read: %(words)s Photos: %(count)d.")
        % {"words": f"“{report.words}”." if report.words else _("nothing."), "count": len(chosen)},
    )
    return report

"""Something of the demo borough for every `{place}` in an address. Runs inside the portal that the browser looks at.

One function a part of the house: it lays what the demo lacks, and names it."""

import datetime as dt

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.http import urlencode

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.alerting.placing import place_alert
from barnet.customers.merging.services import merge_customers
from barnet.customers.models import Customer, Invitation, User
from barnet.gazetteer.services import report_address
from barnet.notifications.models import MailboxMail, Message, PushDevice, SuppressedAddress
from barnet.notifications.services import queue_message
from barnet.operations.models import ParkedTask
from portal.cases.models import Attachment, Case, Contact
from portal.cases.registry import kind_for
from portal.cases.services import receive_case
from portal.cases.services.following import stop_link
from portal.documents.models import Document
from portal.feedback.models import Survey
from portal.feedback.services import answer_survey, link_of, remark_on, vote
from portal.feedback.views import public
from portal.field.models import Job
from portal.reports.following import follow, follow_link
from portal.reports.models import PublicReport
from portal.smartforms.asking.services import ask_for_more
from portal.smartforms.models import FormFile, SmartForm, Submission
from portal.waste import subscribing
from portal.waste.assisted.purpose import text_of_today
from portal.waste.models import AssistedCollection, AssistedRequest, RoundNotice, Subscription


def made() -> dict[str, str]:
    """{"uprn": "100200000001", ...}: every place that `addresses` names."""
    asha = Customer.objects.get(email="asha@example.com")
    of_services = (_rounds, _assisted, _forms, _reports, _feedback, _crews, _papers)
    parts = (_homes, _people, _messages, _cases, *of_services, _operations)
    return {place: str(thing) for part in parts for place, thing in part(asha).items()}


def _homes(asha):
    typed = report_address("3 New Mews, Barnet, EN5 9ZZ", about="pages:1")
    return {"uprn": asha.address_id, "postcode": asha.address.postcode.replace(" ", "+"), "typed": typed.pk}


def _people(asha):
    invitation = Invitation.objects.create(
        principal=asha,
        invited_by=asha.user,
        way="email",
        submission_key="pages",
        email="new@example.com",
        covers_everything=True,
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    return {
        "customer": asha.pk,
        "authority": asha.delegations_given.first().pk,
        "invitation": invitation.pk,
        "double": Customer.objects.create(name="Asha Shar", phone="07700 900777").pk,
        "merge": merge_customers(
            asha,
            Customer.objects.create(name="A. Sharma", email="asha.sharma@example.org"),
            by=User.objects.filter(is_staff=True).first(),
            reason="Same date of birth and address",
        ).pk,
        "alert": place_alert(
            asha,
            by=User.objects.filter(is_staff=True).first(),
            kind="animal",
            reason="A large dog in the garden",
            review_on=timezone.localdate(),
            expires_on=timezone.localdate() + dt.timedelta(days=30),
            submission_key="pages",
        ).pk,
        "point": asha.contact_points.create(kind="email", value="pages@example.org").pk,
    }


def _messages(asha):
    queue_message("test-message", key="pages", customer=asha, fields={"council": "x", "asked_at": "now"})
    given_up = Message.objects.filter(idempotency_key__startswith="pages", channel="email")
    given_up.update(state="parked")
    device = PushDevice.objects.create(customer=asha, endpoint="https://push.example/pages", name="Firefox on Linux")
    dead = SuppressedAddress.objects.create(channel="email", address="gone@example.org", reason="No such user")
    mail = MailboxMail.objects.create(message_id="pages", to="x@example.com", subject="Hello", body="Hello")
    return {
        "message": Message.objects.filter(customer=asha, channel="inbox")[0].pk,
        "given_up": given_up.get().pk,
        "device": device.pk,
        "dead": dead.pk,
        "mail": mail.pk,
    }


def _cases(asha):
    def latest(*states):
        return Case.objects.filter(customer=asha, state__in=states).select_related("service").order_by("-opened_at")

    # Other tests may have made requests for her that cannot be put together with others.
    free = (case for case in latest("received", "assigned") if not kind_for(case.service.slug).is_bound)
    unknown = Contact.objects.create(
        channel="phone", right="staff", summary="Asked about a skip", submission_key="pages"
    )
    shown = {"open": next(free), "waiting": latest("waiting")[0], "resolved": latest("resolved")[0]}
    states = {name: case.reference for name, case in shown.items()}
    return states | {"contact": unknown.pk}


def _rounds(asha):
    today = timezone.localdate()
    notice = RoundNotice.objects.create(
        source_key="pages",
        kind="suspended",
        first_on=today,
        last_on=today,
        words="Snow has closed the roads.",
        advice="Leave your bin out.",
    )
    waiting = Subscription.objects.create(
        address=asha.address, email="pages@example.com", streams=["food"], confirmed_at=timezone.now()
    )
    return {
        "notice": notice.pk,
        "proof": subscribing._proof(waiting, ["food"]),
        "end": subscribing.end_link(waiting.key).split("/")[-2],
    }


def _assisted(asha):
    today = timezone.localdate()
    case = receive_case(
        Service.objects.get(slug="assisted-collection"),
        actor=Actor.system(),
        submission_key="pages",
        title="Help with putting bins out",
        address=asha.address,
    ).case
    AssistedRequest.objects.create(
        case=case, address=asha.address, need="cannot_move", stands="rear", agreed_text=text_of_today()
    )
    held = AssistedCollection.objects.create(
        case=Case.objects.filter(customer=asha).first(),
        address=asha.address,
        customer=asha,
        stands="rear",
        place="By the shed",
        from_on=today,
        review_asked_at=timezone.now(),
        review_on=today + dt.timedelta(days=20),
    )
    return {"asked": case.reference, "held": held.pk}


def _forms(asha):
    """Two forms that were sent, of which more is asked about the second; and the one that the demo has."""
    version = SmartForm.objects.get(slug="report-a-street-problem").live_version
    sent, asked = (_sent(version, asha, key) for key in ("sent", "more"))
    question = next(
        row["key"]
        for step in version.definition["steps"]
        if step.get("kind") != "group"
        for row in step.get("questions", [])
    )
    more = ask_for_more(
        asked,
        actor=Actor.staff(User.objects.filter(is_staff=True).first()),
        why="Which one?",
        questions=[question],
        days=14,
        key="pages",
    )
    told = Submission.objects.get(version__form__slug="carers-assessment", subject=asha)
    return {
        "told": told.case.reference,
        "answer": told.answers.get(path="hours").pk,
        "sent_file": _letter_with(told),
        "version": version.pk,
        "sent": sent.case.reference,
        "more": asked.case.reference,
        "more_draft": more.draft_id,
    }


def _sent(version, asha, key):
    long_ago = timezone.now() - dt.timedelta(days=99)  # not the newest: `_cases` takes that one
    case = receive_case(
        version.form.service,
        customer=asha,
        title="Pothole",
        actor=Actor.online(asha.user, asha),
        submission_key=f"pages-{key}",
    ).case
    Case.objects.filter(pk=case.pk).update(opened_at=long_ago)
    return Submission.objects.create(
        version=version, case=case, outcome="sent", started_at=timezone.now(), right="self", channel="web", subject=asha
    )


def _reports(asha):
    reports = PublicReport.objects.order_by("received_at")
    public, mended = (reports.filter(case__state=state)[0] for state in ("received", "resolved"))
    follower = follow(public, email="follower@example.com")
    at = {"easting": round(public.point.x), "northing": round(public.point.y), "text": "By the church"}
    return {
        "public": public.case.reference,
        "mended": mended.case.reference,
        "at": urlencode(at),
        "follow_proof": follow_link(public, "new@example.com").split("/")[-2],
        "stop": stop_link(follower).split("/")[-2],
    }


def _feedback(asha):
    cases = Case.objects.filter(state="resolved", customer__isnull=False).order_by("pk")
    rows = [
        Survey.objects.create(case=case, closing=9, service=case.service, team=case.team, channel=case.channel)
        for case in cases[:2]
    ]
    tokens = [link_of(row).split("/")[-2] for row in rows]
    answer_survey(rows[1], rating=2, words="It took long.")
    page = vote(page="/bins/", is_useful=False, key="pages-of-the-walk-of-this")
    return {
        "survey": tokens[0],
        "answered": tokens[1],
        "vote": public.token_of(page),
        "remark": remark_on(page, "Where is the calendar?").pk,
    }


def _crews(asha):
    """A job that waits, and one of another day that was done."""
    job = Job.objects.filter(state="planned", crew__slug="crew-1").first()
    ended = Job.objects.create(
        case=Case.objects.filter(customer=asha).earliest("opened_at"),
        crew=job.crew,
        planned_on=job.planned_on,
        state="done",
        ended_at=timezone.now(),
        ended_by=User.objects.get(email="operative@barnet.example"),
    )
    return {"job": job.pk, "ended_job": ended.pk}


def _letter_with(told):
    """A file among the answers."""
    letter = FormFile(submission=told, question="letter", name="a.pdf", content_type="application/pdf", size=3)
    letter.file.save("a", ContentFile(b"pdf"))
    value = [{"id": str(letter.pk), "name": "a.pdf", "size": 3}]
    about = {"data_class": "personal", "words": "a.pdf", "position": 99}
    told.answers.create(path="letter", kind="files", value=value, **about)
    return letter.pk


def _papers(asha):
    beside = Attachment.objects.papers().filter(case__customer=asha).select_related("case").first()
    return {
        "paper": Document.objects.filter(customer=asha, kind__name="Passport").get().pk,
        "beside": beside.pk,
        "with_file": beside.case.reference,
    }


def _operations(asha):
    parked = ParkedTask.objects.create(task_id="pages", name="pages", function="x", reason="failed", starts=5)
    return {"parked": parked.pk}

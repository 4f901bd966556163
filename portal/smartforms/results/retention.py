"""How long we know what somebody answered."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, delete_rows, register
from portal.cases.enums import OPEN_STATES
from portal.cases.retention import forget_detail
from portal.smartforms.files.keeping import discard, ids_in
from portal.smartforms.models import Answer, Draft, DraftState, FormFile, MoreAsked, Submission
from portal.smartforms.results.paths import place_of
from portal.smartforms.versions import definition_of

_BASIS = _("Storage limitation (UK GDPR article 5(1)(e))")


def register_retention() -> None:
    register(
        Kind(
            key="form-answers",
            name=_("Answers of forms whose request was closed"),
            action=_("Answers, corrections and files are deleted; that the form was sent stays for counting."),
            days=3 * 365,
            reason=_("As long as the request that they belong to is somebody's."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="ended_at",
            find=_of_closed_requests,
            apply=_forget_submissions,
        )
    )
    register(
        Kind(
            key="form-answers-short",
            name=_("Answers that a form keeps for a shorter time"),
            action=_("The answer, its corrections and its files are deleted; the rest of the request stays."),
            days=1,
            reason=_("The form says for how many days; the night after that they go."),
            legal_basis=_BASIS,
            age="forget_on",
            find=_to_forget,
            apply=_forget_answers,
        )
    )
    register(
        Kind(
            key="form-drafts-sent",
            name=_("Traces of forms that were sent"),
            action=_("Who began the form, when and where is deleted. The answers are with the request already."),
            days=30,
            reason=_("Somebody who goes back in their browser finds that it was sent."),
            legal_basis=_BASIS,
            age="saved_at",
            find=lambda: Draft.objects.filter(state=DraftState.SENT),
            apply=delete_rows,
        )
    )


def _of_closed_requests() -> QuerySet[Submission]:
    """Something of them still says whose they were."""
    left = Q(subject__isnull=False) | Q(actor__isnull=False) | ~Q(calculated={})
    left |= Q(Exists(Answer.objects.filter(submission=OuterRef("pk"))))
    left |= Q(Exists(FormFile.objects.filter(submission=OuterRef("pk"))))
    left |= Q(Exists(MoreAsked.objects.filter(submission=OuterRef("pk"))))
    closed = Submission.objects.exclude(case__state__in=OPEN_STATES).filter(left)
    return closed.annotate(ended_at=Coalesce("case__resolved_at", "case__opened_at"))


def _forget_submissions(rows: QuerySet[Submission]) -> int:
    keys = list(rows.values_list("pk", flat=True))
    discard(FormFile.objects.filter(submission__in=keys))
    Answer.objects.filter(submission__in=keys).delete()
    MoreAsked.objects.filter(submission__in=keys).delete()
    return Submission.objects.filter(pk__in=keys).update(subject=None, actor=None, calculated={})


def _to_forget() -> QuerySet[Answer]:
    return Answer.objects.filter(forget_on__isnull=False, forget_on__lte=timezone.localdate())


def _forget_answers(rows: QuerySet[Answer]) -> int:
    answers = list(rows.select_related("submission__version").prefetch_related("corrections"))
    files = set().union(*(ids_in(answer.value) for answer in answers if answer.kind == "files"))
    discard(FormFile.objects.filter(pk__in=files, submission__in={answer.submission_id for answer in answers}))
    for answer in answers:  # what stood there before it was corrected is in the history of the request
        for words in {answer.words, *(row.words_before for row in answer.corrections.all())}:
            forget_detail(answer.submission.case_id, [_label(answer), words])
    Answer.objects.filter(pk__in=[answer.pk for answer in answers]).delete()
    return len(answers)


def _label(answer: Answer) -> str:
    """As the request says it."""
    question = place_of(definition_of(answer.submission.version), answer.path).question
    return question.label if question else ""

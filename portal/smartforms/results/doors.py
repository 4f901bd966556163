"""The two ways to what was sent: for staff, and for whoever may read the request. Both are the doors of its case."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from barnet.customers.models import User
from portal.cases.models import Case
from portal.cases.selectors import case_for, case_for_staff
from portal.smartforms.models import Answer, FormFile, Submission

READ, CORRECT = "smartforms.view_answer", "smartforms.change_answer"


def submission_of(case: Case) -> Submission | None:
    return Submission.objects.filter(case=case).first()


def submission_for_staff(user: User, reference: str, *, purpose: str) -> Submission:
    """404 for others and where no form was sent, 403 without the permission. The reading is recorded."""
    return _of(case_for_staff(user, reference, purpose=purpose))


def submission_for(user: User | AnonymousUser, reference: str) -> Submission:
    """For residents: theirs, and those of people who gave them authority for the service."""
    return _of(case_for(user, reference))


def sees_special(user: User | AnonymousUser, submission: Submission) -> bool:
    """Whose answers they are, and whoever wrote them. Another's authority reaches the request, not their health."""
    if not isinstance(user, User):
        return False
    case = submission.case
    return submission.actor_id == user.pk or (case.customer is not None and case.customer.user_id == user.pk)


def file_of(submission: Submission, file_id: uuid.UUID) -> tuple[FormFile, Answer]:
    """A file, and the answer that names it. 404 for a file of another form."""
    file = FormFile.objects.filter(submission=submission, pk=file_id).first()
    if file is None:
        raise Http404
    for answer in submission.answers.filter(kind="files"):
        if any(item.get("id") == str(file.pk) for item in answer.value or []):
            return file, answer
    raise Http404


def _of(case: Case) -> Submission:
    found = Submission.objects.select_related("version__form__live_version", "actor", "subject", "api_key")
    submission = found.filter(case=case).first()
    if submission is None:
        raise Http404
    submission.case = case
    return submission

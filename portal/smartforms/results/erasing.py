"""Words that were written by mistake go from the answers of a form, too, and from what stood there before."""

import pgtrigger

from portal.cases.models import Case
from portal.cases.registry import Erase
from portal.cases.services.erasing import erase_in
from portal.smartforms.models import Answer, AnswerCorrection, Draft, MoreAsked, Submission

_APPEND_ONLY = "smartforms.AnswerCorrection:append_only"
_FREE_TEXTS = ("short_text", "long_text", "name")


def erase_answers(case: Case, without: Erase) -> int:
    """Free texts only: what else says something of somebody, such as a day or a number, is corrected."""
    answers = Answer.objects.filter(submission__case=case, kind__in=_FREE_TEXTS)
    corrections = AnswerCorrection.objects.filter(answer__submission__case=case, answer__kind__in=_FREE_TEXTS)
    drafts = Draft.objects.filter(pk__in=Submission.objects.filter(case=case).values("draft_id"))
    asked = MoreAsked.objects.filter(submission__case=case)
    with pgtrigger.ignore(_APPEND_ONLY):
        return (
            erase_in(answers, ("value", "words"), without)
            + erase_in(corrections, ("before", "words_before", "reason"), without)
            + erase_in(asked, ("why",), without)
            + erase_in(drafts, ("answers", "earlier"), without)
        )

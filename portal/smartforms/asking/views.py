"""The first page of what staff asked for more, before the pages of the runner."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.smartforms.asking.background import is_withheld
from portal.smartforms.running.run import Run
from portal.smartforms.running.views import run_page


@require_safe
@run_page
def more(request: HttpRequest, run: Run) -> HttpResponse:
    if run.asked is None:
        raise Http404
    titles = [
        step.title if step.item_name else question.label for step in run.definition.steps for question in step.questions
    ]
    submission = run.asked.submission
    context = run.context(
        asked=run.asked,
        case=submission.case,
        labels=list(dict.fromkeys(titles)),
        is_withheld=is_withheld(submission, run.asked.questions),
    )
    return render(request, "smartforms/asking/more.html", context)

"""The first page of what staff asked for more, before the pages of the runner."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
    context = run.context(asked=run.asked, case=run.asked.submission.case, labels=list(dict.fromkeys(titles)))
    return render(request, "smartforms/asking/more.html", context)

"""What the runner shows when staff asked for more, instead of its own pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from portal.smartforms.models import AskedState
from portal.smartforms.running.run import Run


def over_page(request: HttpRequest, run: Run) -> HttpResponse | None:
    """It was taken back, answered too late, or the request is closed: a sentence instead of a form."""
    asked = run.asked
    if asked is None or asked.state == AskedState.ANSWERED:
        return None
    if asked.is_open and asked.expires_at > now() and asked.submission.case.is_open:
        return None
    return render(request, "smartforms/asking/over.html", run.context(asked=asked, case=asked.submission.case))


def sent_page(request: HttpRequest, run: Run) -> HttpResponse:
    assert run.asked is not None
    context = run.context(asked=run.asked, case=run.asked.submission.case)
    return render(request, "smartforms/asking/sent.html", context)

"""A browser begins a draft, and keeps the secret that opens it again."""

from collections.abc import Mapping
from typing import Any as Anything

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from barnet.customers.acting_for.serving import Party
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.running import door
from portal.smartforms.running.run import Run
from portal.smartforms.running.starting import start_draft

Given = Mapping[str, Anything] | None


def begin(
    request: HttpRequest,
    form: SmartForm,
    version: FormVersion,
    *,
    party: Party,
    key: str,
    answers: Given = None,
    told: Given = None,
    earlier: Given = None,
) -> HttpResponse:
    """Leads to the first page that is to be answered. The same key twice leads to the same draft."""
    secret = door.new_secret()
    draft = start_draft(form, version, party=party, key=key, secret=secret, answers=answers, told=told, earlier=earlier)
    response = redirect(Run(draft, party).here_url)
    if draft.browser_hash == door.hash_of(secret):
        door.keep_secret(request, response, draft, secret)
    return response

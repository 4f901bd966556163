"""A wording tried before anybody gets it: in each channel, with a real request, sent to oneself."""

import uuid
from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.kit.references import InvalidReferenceError, parse_reference
from barnet.notifications import registry
from barnet.notifications.choice import Way
from barnet.notifications.enums import MessageChannel
from barnet.notifications.examples import examples_for
from barnet.notifications.rendering import render as render_words
from barnet.notifications.services import queue_message
from barnet.notifications.sms import length_of

VIEW_WORDINGS = "notifications.view_messagetemplate"


class TrialForm(forms.Form):
    mark_optional = False

    reference = forms.CharField(
        label=gettext_lazy("Try it with a request"),
        help_text=gettext_lazy("A reference such as BAR-7K3M-29QD. That you read it is recorded."),
        required=False,
        max_length=40,
    )

    def clean_reference(self) -> str:
        typed = self.cleaned_data["reference"]
        try:
            return parse_reference(typed) if typed else ""
        except InvalidReferenceError:
            raise forms.ValidationError(_("Enter a reference such as BAR-7K3M-29QD.")) from None


@require_safe
@staff_required(VIEW_WORDINGS)
def wordings(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/wordings.html", {"kinds": registry.kinds()})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(VIEW_WORDINGS)
def wording(request: HttpRequest, key: str) -> HttpResponse:
    """What is saved, as it would go now: an edit is tried after it was saved."""
    if not registry.is_registered(key):
        raise Http404
    kind, user = registry.kind_of(key), cast(User, request.user)
    form = TrialForm(request.GET if "reference" in request.GET else None)
    fields = dict(kind.fields)
    if request.method == "POST":
        way = Way(MessageChannel.EMAIL, user.email)
        queue_message(key, key=f"trial:{uuid.uuid4()}", fields=fields, way=way)
        messages.success(request, _("We have sent it to %(email)s, with the examples.") % {"email": user.email})
        return redirect("staff_wording", key)
    if form.is_bound and form.is_valid() and form.cleaned_data["reference"]:
        real = examples_for(user, form.cleaned_data["reference"])
        if real is None:
            form.add_error("reference", _("There is no such request, or you may not read it."))
        else:
            fields |= {name: value for name, value in real.items() if name in fields}
    words = render_words(kind, fields)
    context = {"kind": kind, "form": form, "words": words, "length": length_of(words.short)}
    return render(request, "notifications/wording_trial.html", context)

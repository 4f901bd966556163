"""In which language somebody reads the pages: what their account says, else their browser's cookie, else English.

It is chosen, never guessed: what a browser asks for is often the language of who set it up, and a page that is half
translated by surprise helps nobody. The back office is English.
"""

from collections.abc import Callable

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from barnet.customers.models import User
from barnet.kit import languages

BACK_OFFICE = "/staff/"


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not languages.are_several() or f"{request.path_info}/".startswith(BACK_OFFICE):
            return self.get_response(request)
        with translation.override(_chosen(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", languages.language_tag())
        patch_vary_headers(response, ["Cookie"])
        return response


def _chosen(request: HttpRequest) -> str:
    saved = request.user.interface_language if isinstance(request.user, User) else ""
    for code in (saved, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if languages.is_offered(code):
            return code
    return languages.ENGLISH


class InterfaceLanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("In which language do you want to read this website?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language"), "invalid_choice": _("Choose a language from the list")},
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The buttons at the top of every page post here; on its own it is a page with the same question."""
    posted = request.POST if request.method == "POST" else None
    form = InterfaceLanguageForm(posted, initial={"language": translation.get_language()})
    if not form.is_valid():
        return render(request, "customers/interface_language.html", {"form": form})
    code = form.cleaned_data["language"]
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(interface_language=code)
    response = redirect(_own_address(request, form.cleaned_data["next"]))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


def _own_address(request: HttpRequest, asked: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours and asked.startswith("/") else "/"

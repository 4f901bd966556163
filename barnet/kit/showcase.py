"""The living page of elements: for developers to look at before they write a template, and for the browser tests."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from barnet.kit import views
from barnet.kit.dates import DateField
from barnet.kit.fields import ChoiceLabel
from barnet.kit.maps import LocatorMap, Neighbour, Outline
from barnet.kit.submission import SubmissionKeyMixin

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
CONTAINERS = [
    ("recycling", ChoiceLabel("Recycling bin", hint="Blue lid, 240 litres")),
    ("rubbish", "Rubbish bin"),
    ("other", f"Something else with a very long name such as {LONG}"),
]


class ShowcaseForm(SubmissionKeyMixin, forms.Form):
    name = forms.CharField(label="Full name", max_length=60)
    email = forms.EmailField(label="Email address", help_text="We only use it to answer you.")
    phone = forms.CharField(label="Telephone number", widget=forms.TelInput, required=False)
    street = forms.CharField(label="Street", required=False)
    website = forms.URLField(label="Website", required=False, assume_scheme="https")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    people = forms.IntegerField(label="How many people live with you?", min_value=1)
    amount = forms.DecimalField(label="What did it cost?", decimal_places=2)
    happened_on = DateField(label="When did it happen?", help_text="For example, 27 3 2026", subject="The day")
    born_on = forms.DateField(label="Date of birth", widget=forms.SelectDateWidget(years=range(1990, 2000)))
    seen_at = forms.SplitDateTimeField(label="When did you see it?", required=False)
    starts_at = forms.TimeField(label="At what time?", required=False)
    container = forms.ChoiceField(label="Which bin?", choices=CONTAINERS, widget=forms.RadioSelect)
    is_clear = forms.ChoiceField(
        label="Is the way clear?", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect
    )
    contents = forms.MultipleChoiceField(
        label="What was in it?",
        choices=[("Dry", [("paper", "Paper"), ("glass", "Glass")]), ("Wet", [("food", "Food")])],
        widget=forms.CheckboxSelectMultiple,
    )
    ward = forms.ChoiceField(label="Ward", choices=[("", "---------"), ("hb", "High Barnet"), ("un", "Underhill")])
    days = forms.MultipleChoiceField(label="Days", choices=[("mo", "Monday"), ("tu", "Tuesday")], required=False)
    details = forms.CharField(label="What happened?", widget=forms.Textarea, max_length=500)
    photo = forms.FileField(label="Photo", help_text="JPEG or PNG, up to 10 MB", required=False)
    agrees = forms.BooleanField(label="I have read the conditions", help_text="They are on one page.")


STREETS = [("High Street", 0, 14), ("Union Street", 60, -30), (LONG, -70, 60)]


def sample_map() -> LocatorMap:
    addresses = [
        Neighbour(524_500 + turn + n * 17 - 60, 196_500 + rise + n * 3, str(n * 2 + 1), street)
        for street, turn, rise in STREETS
        for n in range(7)
    ]
    ward = Outline("High Barnet", [[(524_000, 196_440), (524_560, 196_450), (524_700, 197_000), (524_000, 197_000)]])
    return LocatorMap((524_500, 196_500), "Where 9 High Street is", addresses=addresses, outlines=[ward])


def elements(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/showcase.html", _context(request))


def staff_elements(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/showcase_staff.html", _context(request))


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    pages: dict[int, Callable[[], HttpResponse]] = {
        400: lambda: views.bad_request(request, BadRequest()),
        403: lambda: views.forbidden(request, PermissionDenied()),
        404: lambda: views.not_found(request, Http404()),
        413: lambda: views.bad_request(request, RequestDataTooBig()),
        419: lambda: views.csrf_failure(request),
        500: lambda: views.server_error(request),
    }
    if status not in pages:
        raise Http404
    return pages[status]()


def _context(request: HttpRequest) -> dict[str, Any]:
    is_sent = request.method == "POST"
    form = ShowcaseForm(request.POST or None, request.FILES or None, request=request)
    if "errors" in request.GET and not is_sent:
        form = ShowcaseForm({"happened_on_day": "31", "email": "asha", "name": "A" * 61}, {}, request=request)
    return {
        "form": form,
        "now": dt.datetime(2026, 11, 23, 16, 5),
        "crumbs": [("Home", "/"), ("Services", "/services/"), ("Elements", "")],
        "rows": [
            ("Reference", "BAR-7K3M-29QD"),
            ("Address", mark_safe("12 High Street<br>Barnet<br>EN5 1AA"), "#", "the address"),
            ("Long", LONG, "#"),
        ],
        "head": ["Bin", "Day", "Emptied"],
        "table_rows": [["Recycling", "Monday 23 November 2026", "12"], ["Rubbish", LONG, "1,204"]],
        "tasks": [
            ("Your address", "#", "Completed"),
            ("Your bins", "#", "In progress", "blue", "You need your council tax number."),
            ("Check and send", "", "Cannot start yet", "grey"),
        ],
        "entries": [
            (
                "We emptied it",
                dt.datetime(2026, 11, 23, 16, 5),
                "Street Scene",
                "The crew came.\nNothing was left.",
            ),
            ("You told us", dt.date(2026, 11, 22), "", f"Missed: {LONG}"),
        ],
        "colours": ["", "grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"],
        "page_obj": Paginator(range(400), 10).get_page(request.GET.get("page", 5)),
        "map": sample_map(),
        "serving": {"name": "Asha Owner", "channel": "by telephone", "stop_url": "/kit/"},
    }

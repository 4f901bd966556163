"""/staff/forms/export/: choose a version, say what for, get the file."""

from collections.abc import Iterator
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from barnet.customers.models import User
from barnet.customers.permissions import staff_required
from barnet.kit.spreadsheets import csv_file
from portal.smartforms.exporting.batches import EXPORT, begin_export
from portal.smartforms.exporting.files import lines_of
from portal.smartforms.exporting.forms import ChooseVersionForm, ExportForm
from portal.smartforms.models import FormVersion


@require_safe
@staff_required(EXPORT)
def choose_version(request: HttpRequest) -> HttpResponse:
    form = ChooseVersionForm(request.GET if "version" in request.GET else None)
    if form.is_valid():
        return redirect("staff_forms_export_version", form.cleaned_data["version"])
    return render(request, "smartforms/exporting/choose.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_required(EXPORT)
def export_version(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = get_object_or_404(FormVersion.objects.select_related("form"), pk=pk)
    user = cast(User, request.user)
    form = ExportForm(request.POST if request.method == "POST" else None, version=version, user=user)
    if not form.is_valid():
        return render(request, "smartforms/exporting/export.html", {"form": form, "version": version})
    export, contents = form.export(), form.cleaned_data["contents"]
    lines = lines_of(export, begin_export(export, by=user), contents)
    name = f"{version.form.slug}-version-{version.number}"
    if contents == "json":
        return _json_file(name, lines)
    return csv_file(name if contents == "csv" else f"{name}-{contents.removeprefix('group-')}", lines)


def _json_file(name: str, lines: Iterator[str]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.json"'
    response["Cache-Control"] = "private, no-store"
    return response

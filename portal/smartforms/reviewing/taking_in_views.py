"""Copying a form, and a form from a file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.models import CopyViewMixin

from barnet.kit.submission import SubmissionKeyMixin
from portal.smartforms.authoring import places
from portal.smartforms.authoring.admin_views import FormCreateView
from portal.smartforms.authoring.compiling import PARTS
from portal.smartforms.authoring.gate import ABOUT
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import UnreadableFormError, read
from portal.smartforms.models import SmartForm
from portal.smartforms.reviewing.taking_in import ExistsError, LockedError, Result, Taken, take_in
from portal.smartforms.reviewing.views import address
from portal.smartforms.translating.keeping import Wording, keep, read_translations

MOST_BYTES = 1024 * 1024
MOST_TOLD = 50


class CopyFormView(CopyViewMixin, FormCreateView):
    """The editor of a new form, filled with the draft of another. Nothing is there before it is saved."""

    def get_initial_form_instance(self) -> SmartForm:
        """A form of its own: with the row of the other one, Wagtail would write over it."""
        draft: SmartForm = self.get_object().get_latest_revision_as_object()
        made = SmartForm(live=False, **{name: getattr(draft, name) for name in (*ABOUT, "service", *PARTS)})
        title = _("Copy of %(form)s") % {"form": draft.title}
        made.title = title[: SmartForm._meta.get_field("title").max_length]
        made.slug = free_slug(draft.slug)
        return made


def free_slug(slug: str) -> str:
    longest = SmartForm._meta.get_field("slug").max_length or 80
    taken = set(SmartForm.objects.filter(slug__startswith=slug[:60]).values_list("slug", flat=True))
    for number in range(1, len(taken) + 2):
        end = "-copy" if number == 1 else f"-copy-{number}"
        made = slug[: longest - len(end)].rstrip("-") + end
        if made not in taken:
            return made
    raise AssertionError("one of more names than are taken is free")


class ImportForm(SubmissionKeyMixin, forms.Form):
    """`source`: what an earlier answer of this page showed was in the file, so that nobody chooses it again."""

    file = forms.FileField(label=gettext_lazy("Form as a JSON file"), required=False)
    source = forms.CharField(required=False, widget=forms.HiddenInput, strip=False, max_length=MOST_BYTES)
    onto_existing = forms.BooleanField(required=False, widget=forms.HiddenInput)
    definition: Definition
    words: list[Wording]

    def clean_file(self) -> str:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("The file is larger than 1 MB: no form is."))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("The file is no text in UTF-8: choose a form that was exported as JSON.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        source = cleaned.get("file") or cleaned.get("source") or ""
        if not source.strip():
            raise ValidationError({"file": _("Choose a file.")})
        try:
            self.definition = read(source)
            self.words = read_translations(source, self.definition)
        except UnreadableFormError as error:
            raise ValidationError({"file": sentences(error)}) from None
        cleaned["source"] = source
        return cleaned


def sentences(error: UnreadableFormError) -> list[str]:
    """Where, and what: first by the page of the form, with the place in the file behind it."""
    told = [f"{places.in_words(finding)} ({finding.place})" for finding in error.findings[:MOST_TOLD]]
    more = len(error.findings) - MOST_TOLD
    return [*told, _("And %d more.") % more] if more > 0 else told


class ImportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    model = SmartForm
    any_permission_required = ("add", "change")
    page_title = gettext_lazy("Import a form")
    header_icon = "upload"
    template_name = "smartforms/reviewing/import.html"
    form_class = ImportForm
    index_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        back = {"url": reverse(self.index_url_name), "label": _("Forms")}
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: ImportForm) -> HttpResponse:
        onto_existing = form.cleaned_data["onto_existing"]
        if not self.user_has_permission("change" if onto_existing else "add"):
            form.add_error(None, _("You may not do this."))
            return self.form_invalid(form)
        try:
            taken = take_in(
                form.definition,
                by=self.request.user,  # type: ignore[arg-type]
                key=form.cleaned_data["submission_key"],
                onto_existing=onto_existing,
            )
        except ExistsError as error:
            return self._ask(form, error.form)
        except UnreadableFormError as error:
            form.add_error("file", sentences(error))
            return self.form_invalid(form)
        except LockedError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        keep(taken.form, form.words)
        return self._done(taken)

    def _ask(self, form: ImportForm, existing: SmartForm) -> HttpResponse:
        again = ImportForm(request=self.request, initial={"source": form.cleaned_data["source"], "onto_existing": True})
        return self.render_to_response(
            self.get_context_data(form=again, existing=existing, edit_url=address("edit", existing))
        )

    def _done(self, taken: Taken) -> HttpResponse:
        told = {
            Result.NEW: _("‘%(form)s’ is here as a draft."),
            Result.DRAFT: _(
                "The file is now the draft of ‘%(form)s’. What is public stays until somebody publishes it."
            ),
            Result.UNCHANGED: _("Nothing changed: the draft of ‘%(form)s’ says the same as the file."),
        }[taken.result]
        messages.success(self.request, told % {"form": taken.form.get_latest_revision_as_object()})
        return redirect(address("edit", taken.form))

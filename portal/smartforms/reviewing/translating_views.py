"""The texts of a form beside their translations: by language, by what is to do, and kept page by page."""

import csv
import io
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from barnet.kit.languages import ENGLISH
from portal.smartforms.definition.reading import can_be_kept
from portal.smartforms.reviewing.looked_at import LATEST, looked_at, told
from portal.smartforms.reviewing.views import FormPageView, address
from portal.smartforms.translating.keeping import (
    CHANGED,
    DONE,
    LONGEST,
    MISSING,
    Entry,
    Wording,
    entries,
    keep,
    still_english,
)

ON_A_PAGE = 40
MOST_BYTES = 2 * 1024 * 1024
MOST_TOLD = 50
COLUMNS = ("key", "english", "translation")
STATES = {
    MISSING: gettext_lazy("Missing"),
    CHANGED: gettext_lazy("English has changed"),
    DONE: gettext_lazy("Done"),
}


def others() -> dict[str, str]:
    """The languages of the pages besides English: code and own name."""
    return {code: name for code, name in settings.LANGUAGES if code != ENGLISH}


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Translations as a CSV file"),
        help_text=gettext_lazy("With the columns key, english and translation, as the export has them."),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    try_it = forms.BooleanField(
        label=gettext_lazy("Only say what would happen, and change nothing"), required=False, initial=True
    )

    def clean_file(self) -> list[dict[str, str]]:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 2 MB: no form has so many words."))
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("The file is no text in UTF-8: save it as CSV UTF-8.")) from None
        try:
            reader = csv.DictReader(io.StringIO(text), strict=True)
            rows = list(reader)
        except csv.Error:
            raise ValidationError(_("The file cannot be read as CSV: a quotation mark is not closed.")) from None
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or [])]:
            raise ValidationError(_("The file has no column %(names)s.") % {"names": ", ".join(missing)})
        return rows


class TranslationsView(FormPageView):
    page_title = gettext_lazy("Translations")
    permission_required = "publish"  # what is kept here is read by residents at once
    template_name = "smartforms/reviewing/translations.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = self._language()
        if "import" in request.POST:
            return self._take_file(language)
        wrong: dict[str, str] = {}
        wordings = []
        for entry in self._entries(language):
            name = f"text:{entry.key}"
            if name not in request.POST:
                continue
            text = request.POST[name].replace("\r\n", "\n").strip()
            if request.POST.get(f"english:{entry.key}", "").replace("\r\n", "\n") != entry.english.replace(
                "\r\n", "\n"
            ):
                wrong[entry.key] = _("The English has changed since you opened the page. Read it again.")
            elif sentence := refusal(text):
                wrong[entry.key] = sentence
            else:
                wordings.append(Wording(language, entry.key, entry.english, text))
        changed = keep(self.object, wordings)
        if changed or not wrong:
            said = ngettext("%d translation is kept.", "%d translations are kept.", changed) % changed
            messages.success(request, said)
        if wrong:
            messages.error(request, _("Some translations were not kept: see below."))
            return self.render_to_response(self.get_context_data(wrong=wrong))
        return redirect(f"{address('translations', self.object)}?{request.GET.urlencode()}")

    def _take_file(self, language: str) -> HttpResponse:
        form = FileForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(file_form=form))
        wordings, sentences = read_rows(form.cleaned_data["file"], self._entries(language), language)
        if form.cleaned_data["try_it"]:
            kept = ngettext("%d translation would be kept.", "%d translations would be kept.", len(wordings))
            kept %= len(wordings)
        else:
            changed = keep(self.object, wordings)
            kept = ngettext("%d translation is new or changed.", "%d translations are new or changed.", changed)
            kept %= changed
        more = len(sentences) - MOST_TOLD
        told_rows = [*sentences[:MOST_TOLD], *([_("And %d more.") % more] if more > 0 else [])]
        return self.render_to_response(self.get_context_data(file_form=form, kept=kept, row_errors=told_rows))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "file" in request.GET:
            return self._file(self._language())
        return super().get(request, *args, **kwargs)

    def _file(self, language: str) -> HttpResponse:
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # so that spreadsheets see UTF-8
        writer = csv.writer(response)
        writer.writerow([*COLUMNS, "state", "translation of the earlier English"])
        for entry in self._entries(language):
            now, before = ("", entry.text) if entry.state == CHANGED else (entry.text, "")
            writer.writerow([entry.key, entry.english, now, str(STATES[entry.state]), before])
        response["Content-Disposition"] = f'attachment; filename="{self.object.slug}-{language}.csv"'
        return response

    def _language(self) -> str:
        offered = others()
        asked_for = self.request.GET.get("language") or next(iter(offered), "")
        if asked_for not in offered:
            raise Http404
        return asked_for

    def _entries(self, language: str) -> list[Entry]:
        definition = looked_at(self.object, LATEST).definition
        return entries(self.object, definition, language) if definition else []

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        looked = looked_at(self.object, LATEST)
        if not others() or looked.definition is None:
            found = told(looked, looked.findings)
            return super().get_context_data(languages=[], findings=found, **more)
        language = self._language()
        open_texts = still_english(self.object, looked.definition, others())
        every = entries(self.object, looked.definition, language)
        show = self.request.GET.get("show", "")
        chosen = [entry for entry in every if entry.state == show] if show in STATES else every
        wrong = more.get("wrong") or {}
        page = Paginator(chosen, ON_A_PAGE).get_page(self.request.GET.get("p"))
        sent = self.request.POST
        rows = [
            (
                entry,
                STATES[entry.state],
                sent.get(f"text:{entry.key}", _now(entry)) if wrong else _now(entry),
                wrong.get(entry.key, ""),
            )
            for entry in page
        ]
        context = {
            "languages": [(code, name, len(every) - open_texts[code], len(every)) for code, name in others().items()],
            "language": language,
            "language_name": others()[language],
            "states": STATES.items(),
            "show": show,
            "page": page,
            "rows": rows,
            "file_form": FileForm(),
        }
        return super().get_context_data(**(context | more))


def _now(entry: Entry) -> str:
    """One from another English is shown beside the field, not in it: keeping the page would pass it unread."""
    return entry.text if entry.state == DONE else ""


def refusal(text: str) -> str:
    if not can_be_kept(text):
        return _("This holds a character that cannot be kept.")
    if len(text) > LONGEST:
        return _("This is longer than %d characters.") % LONGEST
    return ""


def read_rows(rows: list[dict[str, str]], known: list[Entry], language: str) -> tuple[list[Wording], list[str]]:
    """The translations of a file, and a sentence for each row that is none. Empty ones change nothing."""
    english = {entry.key: entry.english for entry in known}
    found: dict[str, Wording] = {}
    sentences = []
    for number, row in enumerate(rows, 2):
        key, text = (row.get("key") or "").strip(), (row.get("translation") or "").strip()
        made_from = (row.get("english") or "").replace("\r\n", "\n").strip()
        if not text:
            continue
        if key not in english:
            sentence = _("The form has no text with the key ‘%(key)s’.") % {"key": key[:80]}
        elif made_from != english[key].replace("\r\n", "\n").strip():
            sentence = _("The English of ‘%(key)s’ is another one now: translate it again.") % {"key": key}
        elif key in found:
            sentence = _("‘%(key)s’ stands in the file twice; the first counts.") % {"key": key}
        else:
            sentence = refusal(text)
        if sentence:
            sentences.append(_("Row %(number)d: %(sentence)s") % {"number": number, "sentence": sentence})
        else:
            found[key] = Wording(language, key, english[key], text)
    return list(found.values()), sentences

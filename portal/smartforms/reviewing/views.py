"""The author's pages around a form, as further pages of its place in the Wagtail admin."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.snippets.views.snippets import RevisionsCompareView

from barnet.catalogue.models import Service
from barnet.kit.languages import ENGLISH
from portal.smartforms.authoring import gate
from portal.smartforms.comparing import compare
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import UnreadableFormError
from portal.smartforms.definition.writing import write
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.reviewing.drawing import draw
from portal.smartforms.reviewing.flow import Ending, Exit, Flow, Stop, flow_of, goes_to
from portal.smartforms.reviewing.looked_at import LATEST, LookedAt, asked_for, looked_at, not_ready, place_url, told
from portal.smartforms.reviewing.messages import message_of
from portal.smartforms.reviewing.touched import touched_by, under_way
from portal.smartforms.reviewing.ways import Way, ways_of
from portal.smartforms.rules_in_words import in_words
from portal.smartforms.translating.keeping import still_english, written

WAYS_ON_A_PAGE = 20


def address(act: str, form: SmartForm, **query: Any) -> str:
    url = reverse(f"wagtailsnippets_smartforms_smartform:{act}", args=[form.pk])
    given = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{url}?{given}" if given else url


class FormPageView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, TemplateView):
    """One form, for those who may change it."""

    model = SmartForm
    permission_required = "change"
    index_url_name = ""
    header_icon = "form"
    object: SmartForm

    def get_base_object_queryset(self) -> Any:
        return SmartForm.objects.select_related("service", "live_version")

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Forms")},
            {"url": address("edit", self.object), "label": str(self.object)},
            {"url": "", "label": self.page_title, "sublabel": str(self.object)},
        ]

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        links = {
            act: address(act, self.object)
            for act in ("edit", "ways", "versions", "touched", "translations", "export", "history")
        }
        return super().get_context_data(form=self.object, links=links, **more)


class WaysView(FormPageView):
    page_title = gettext_lazy("Every way")
    template_name = "smartforms/reviewing/ways.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        looked = asked_for(self.request, self.object)
        proof = gate.proof(looked.definition) if looked.definition else None
        found = told(looked, proof.findings if proof else looked.findings)
        context = super().get_context_data(
            looked=looked,
            findings=found,
            not_ready=not_ready(len(found)),
            versions=FormVersion.objects.filter(form=self.object).only("number").order_by("-number"),
            **more,
        )
        return context | (self._of(looked, proof) if looked.definition else {})

    def _of(self, looked: LookedAt, proof: Any) -> dict[str, Any]:
        assert looked.definition
        definition = looked.definition
        ways = ways_of(definition, proof.paths, timezone.localdate())
        slugs = {definition.service, *(row.service for row in definition.destinations)}
        services = dict(Service.objects.filter(slug__in=slugs).values_list("slug", "name"))
        flow = flow_of(definition, ways, shown=self._shown(ways), services=services)
        ending = self.request.GET.get("outcome", "")
        chosen = [way for way in ways if not ending or (way.outcome and way.outcome.key == ending)]
        page = Paginator(chosen, WAYS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return {
            "still_english": self._still_english(definition),
            "picture": draw(flow),
            "flow": flow,
            "rows": _rows(looked, flow),
            "ways": ways,
            "is_every_way": proof.is_every_path,
            "page": page,
            "page_ways": [_way(way, looked, services) for way in page],
            "outcome": ending,
            "outcomes": definition.outcomes,
        }

    def _still_english(self, definition: Definition) -> list[tuple[str, int]]:
        languages = {code: name for code, name in settings.LANGUAGES if code != ENGLISH}
        return [(languages[code], count) for code, count in still_english(self.object, definition, languages).items()]

    def _shown(self, ways: list[Way]) -> Way | None:
        number = self.request.GET.get("way", "")
        return next((way for way in ways if str(way.number) == number), None)


def _rows(looked: LookedAt, flow: Flow) -> list[dict[str, Any]]:
    """The words of the picture, with the way to each block and the questions of each page."""
    definition = looked.definition
    assert definition
    rows: list[dict[str, Any]] = []
    for row in flow.rows:
        match row:
            case Stop():
                place = f"form.steps[{definition.steps.index(row.step)}]"
                questions = [
                    (question.label, in_words(question.show_when, definition) if question.show_when else "")
                    for question in row.step.questions
                ]
                rows.append({"stop": row, "url": place_url(looked, place), "questions": questions})
            case Exit():
                rows.append({"exit": row})
            case Ending():
                place = f"form.outcomes[{definition.outcomes.index(row.outcome)}]"
                rows.append({"ending": row, "url": place_url(looked, place)})
    return rows


def _way(way: Way, looked: LookedAt, services: dict[str, str]) -> dict[str, Any]:
    assert looked.definition
    goes = goes_to(way.destination, services) if way.destination else ""
    return {
        "way": way,
        "goes": goes,
        "case_title": way.destination.case_title if way.destination else "",
        "message": message_of(way, looked.definition) if goes else "",
        "url": f"{address('ways', looked.form, version=looked.code, way=way.number)}#picture",
    }


class VersionsView(FormPageView):
    """The published versions; two of them, or one and the draft, compared."""

    page_title = gettext_lazy("Versions")
    template_name = "smartforms/reviewing/versions.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        versions = list(
            FormVersion.objects.filter(form=self.object).select_related("published_by").defer("definition")[:200]
        )
        people = {version.pk: count for version, count in under_way(self.object)}
        context = super().get_context_data(
            versions=[(version, people.get(version.pk, 0)) for version in versions],
            draft_code=LATEST,
            old_code=self.request.GET.get("old", str(versions[0].number) if versions else ""),
            new_code=self.request.GET.get("new", LATEST),
            **more,
        )
        if "old" in self.request.GET:
            old, new = (asked_for(self.request, self.object, name) for name in ("old", "new"))
            context |= {"old": old, "new": new, **_compared(old, new)}
        return context


def _compared(old: LookedAt, new: LookedAt) -> dict[str, Any]:
    if old.definition and new.definition:
        return {"changes": compare(old.definition, new.definition)}
    return {"unreadable": [one for side in (old, new) for one in told(side, side.findings)]}


class TouchedView(FormPageView):
    page_title = gettext_lazy("Answers under way")
    template_name = "smartforms/reviewing/touched.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        looked = looked_at(self.object, LATEST)
        versions = touched_by(self.object, looked.definition) if looked.definition else []
        return super().get_context_data(
            looked=looked,
            findings=told(looked, looked.findings),
            versions=versions,
            people=sum(row.people for row in versions),
            **more,
        )


class CompareRevisionsView(RevisionsCompareView):
    """Wagtail's page of two revisions, which first says in plain words what changed."""

    template_name = "smartforms/reviewing/compare_revisions.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        try:
            old, new = (gate.definition_of(context[name]) for name in ("revision_a", "revision_b"))
        except UnreadableFormError:
            return context
        return context | {"changes": compare(old, new)}


class ExportView(PermissionCheckedMixin, BaseObjectMixin, View):
    """The form as JSON, as `import_forms` and the page of importing read it."""

    model = SmartForm
    permission_required = "change"
    object: SmartForm

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        looked = asked_for(request, self.object)
        if looked.definition is None:
            messages.error(request, _("This draft is not ready to be exported: see what is missing."))
            return redirect(address("ways", self.object))
        whole = json.loads(write(looked.definition)) | written(self.object, looked.definition)
        source = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
        response = HttpResponse(source, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{looked.definition.slug}.json"'
        return response

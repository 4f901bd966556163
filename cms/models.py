"""The kinds of page that editors write, and the approval that each of them passes before residents read it."""

from http import HTTPMethod
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxLengthValidator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import AbstractGroupApprovalTask, Page, PageViewRestriction, TaskState
from wagtail.search import index
from wagtail.url_routing import RouteResult

from barnet.customers.models import User
from cms import rendering
from cms.blocks import AnnouncementBlock, BodyBlock, TaskBlock
from cms.locks import TwoEyesLock
from cms.permission_testers import TwoEyesPermissionTester
from cms.two_eyes import is_contributor
from portal.waste.notices import announced_notices


class WebsitePage(Page):
    """What every page of the website shares: the second pair of eyes, a path back, words for search engines."""

    class Meta:
        abstract = True

    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("Address and search engines"),
        )
    ]

    def permissions_for_user(self, user: User) -> TwoEyesPermissionTester:
        return TwoEyesPermissionTester(user, self)

    @property
    def description(self) -> str:
        return self.search_description

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """As Wagtail does, but in one step however deep the page lies, where Wagtail takes two queries a level."""
        if not path_components:
            return super().route(request, path_components)
        url_path = f"{self.url_path}{'/'.join(path_components)}/"
        page = Page.objects.filter(slug=path_components[-1], url_path=url_path).specific().first()
        if page is None:
            raise Http404
        return page.route(request, [])

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Those of this page and of all above it, in one query; an alias has those of its source."""
        paths = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        found = PageViewRestriction.objects.filter(
            models.Q(page__path__in=paths) | models.Q(page__aliases__path__in=paths)
        )
        return found.distinct()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        canonical_url = f"{settings.BASE_URL}{self.get_url(request) or '/'}"
        return {**super().get_context(request, *args, **kwargs), "canonical_url": canonical_url}


class HomePage(WebsitePage):
    """Search first, then what is going on today, then what most people come for."""

    introduction = models.CharField(max_length=200, blank=True)
    announcements = StreamField([("announcement", AnnouncementBlock())], blank=True, max_num=5)
    tasks = StreamField([("task", TaskBlock())], max_num=12, verbose_name=_("Top tasks"))

    template = "cms/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.ContentPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("announcements"),
        FieldPanel("tasks"),
    ]

    class Meta:
        verbose_name = _("home page")

    @property
    def description(self) -> str:
        return self.search_description or self.introduction

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context(request, *args, **kwargs),
            "announcements": rendering.announcements(self.announcements, request),
            "tasks": rendering.tasks(self.tasks, request),
            "bin_notices": announced_notices(timezone.localdate()),
            "has_own_search": True,
        }


class ContentPage(WebsitePage):
    """A page to read: what, who may, how, and where to go on."""

    summary = models.TextField(
        max_length=300,
        validators=[MaxLengthValidator(300)],
        help_text=_("One or two sentences, shown below the title and in search results."),
    )
    body = StreamField(BodyBlock(), blank=True, max_num=100)
    last_reviewed_on = models.DateField(
        null=True, blank=True, help_text=_("The day on which somebody last checked that everything here is true.")
    )

    template = "cms/content_page.html"
    parent_page_types = ["cms.HomePage", "cms.ContentPage"]
    subpage_types = ["cms.ContentPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("last_reviewed_on"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary", boost=2), index.SearchField("body")]

    class Meta:
        verbose_name = _("content page")

    @property
    def description(self) -> str:
        return self.search_description or self.summary

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        pieces = rendering.body(self.body, request)
        return {
            **super().get_context(request, *args, **kwargs),
            "breadcrumbs": rendering.breadcrumbs(self, request),
            "pieces": pieces,
            "contents": rendering.contents(pieces),
            "children": rendering.children(self, request),
        }


class TwoEyesTask(AbstractGroupApprovalTask):
    """Somebody of these groups who had no part in the change approves it or sends it back."""

    lock_class = TwoEyesLock

    class Meta:
        verbose_name = _("second pair of eyes")
        verbose_name_plural = _("second pairs of eyes")

    @classmethod
    def get_description(cls) -> str:
        return str(_("A member of the chosen groups approves. Nobody approves a change that they took part in."))

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        return [] if is_contributor(obj, user) else super().get_actions(obj, user)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> models.QuerySet[TaskState]:
        states = super().get_task_states_user_can_moderate(user, **kwargs).select_related("revision")
        own = [state.pk for state in states if is_contributor(state.revision.content_object, user)]
        return TaskState.objects.filter(pk__in=states.values("pk")).exclude(pk__in=own)

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        page = task_state.workflow_state.content_object
        if action_name in {"approve", "reject"} and not self.get_actions(page, user):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)

    def locked_for_user(self, obj: Page, user: User) -> bool:
        return True

    def user_can_lock(self, obj: Page, user: User) -> bool:
        return False

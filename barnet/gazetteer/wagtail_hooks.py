"""Staff keep closures and opening hours among the content of the back office."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from barnet.gazetteer.admin_forms import OpeningHoursForm
from barnet.gazetteer.models import Closure, OpeningHours


class ClosureViewSet(SnippetViewSet):
    model = Closure
    icon = "calendar-alt"
    menu_label = _("Closures")
    list_display = ("on", "name")
    search_fields = ("name",)
    ordering = ("-on",)
    copy_view_enabled = False
    inspect_view_enabled = False
    panels = (
        FieldPanel("on", help_text=_("A day on which the council does not work, besides weekends and bank holidays.")),
        FieldPanel("name", help_text=_("For example, “Extra bank holiday” or “Staff day”.")),
    )


class OpeningHoursViewSet(SnippetViewSet):
    model = OpeningHours
    icon = "time"
    menu_label = _("Opening hours")
    list_display = ("place", "get_weekday_display", "opens_at", "closes_at")
    list_filter = ("place", "weekday")
    search_fields = ("place",)
    copy_view_enabled = True
    inspect_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("place", help_text=_("The line or the counter. Write it the same on every day.")),
            FieldPanel("weekday"),
            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
        ],
        base_form_class=OpeningHoursForm,
    )


class CalendarViewSetGroup(SnippetViewSetGroup):
    menu_label = _("Calendar")
    menu_icon = "calendar"
    menu_order = 610
    items = (ClosureViewSet, OpeningHoursViewSet)


register_snippet(CalendarViewSetGroup)

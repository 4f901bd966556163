from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.users.views import users

from barnet.customers.models import User
from cms.people.forms import ExistingStaffForm, NewStaffForm


def staff_accounts() -> QuerySet[User]:
    return User.objects.filter(is_staff=True, is_superuser=False).select_related("wagtail_userprofile")


class StaffIndexView(users.IndexView):
    page_title = _("Staff accounts")
    add_item_label = _("Add a member of staff")

    @property
    def columns(self) -> list[Any]:
        """Without ticks for bulk actions, which reach every account there is, and without the word username."""
        kept = {column.name: column for column in super().columns}
        email = Column("email", label=_("E-mail"), sort_key="email", width="30%")
        return [kept["name"], email, kept["is_active"], kept["last_login"]]

    def get_base_queryset(self) -> QuerySet[User]:
        return staff_accounts()


class OnlyStaffMixin:
    def get_base_object_queryset(self) -> QuerySet[User]:
        return staff_accounts()


class ByMixin:
    """The form knows who fills it in: the record of joiners, movers and leavers says so."""

    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}  # type: ignore[misc]


class StaffCreateView(ByMixin, users.CreateView):
    pass


class StaffEditView(ByMixin, OnlyStaffMixin, users.EditView):
    pass


class StaffHistoryView(OnlyStaffMixin, users.HistoryView):
    pass


class StaffDeleteView(OnlyStaffMixin, users.DeleteView):
    """Closed: an account is switched off, never deleted, because the record of who did what points to it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied


class StaffViewSet(users.UserViewSet):
    menu_label = _("Staff accounts")
    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    delete_view_class = StaffDeleteView
    history_view_class = StaffHistoryView
    template_prefix = "cms/people/"

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return ExistingStaffForm if for_update else NewStaffForm

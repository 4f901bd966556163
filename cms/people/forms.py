"""Forms for staff accounts. No password, because people set their own; no superusers, because those are made by an
operator on the server; no change of one's own roles."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from barnet.customers.staff import staffing
from barnet.customers.staff.roles import ROLES


class RolesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Group.objects.filter(name__in=ROLES).order_by("name"),
            **{"label": _("Roles"), "required": False, **kwargs},
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(ROLES[obj.name].label)


class StaffForm(forms.ModelForm):
    groups = RolesField()

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "groups")

    separate_username_field = False

    def __init__(self, *args: Any, by: User, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        for name in ("first_name", "last_name"):
            self.fields[name].required = True

    def _roles(self) -> list[str]:
        return [group.name for group in self.cleaned_data["groups"]]


class NewStaffForm(StaffForm):
    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("Somebody already signs in with this address. Use the person's work address."))
        return email

    def save(self, commit: bool = True) -> User:
        self.instance = staffing.join(
            self.cleaned_data["email"],
            roles=self._roles(),
            cause=staffing.Cause.page(self.by),
            first_name=self.cleaned_data["first_name"],
            last_name=self.cleaned_data["last_name"],
        ).user
        return cast(User, self.instance)


class ExistingStaffForm(StaffForm):
    class Meta(StaffForm.Meta):
        fields = (*StaffForm.Meta.fields, "is_active")  # type: ignore[assignment]

    def __init__(self, *args: Any, by: User, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, by=by, editing_self=editing_self, **kwargs)
        self.fields["email"].disabled = True
        self.fields["email"].help_text = _("It proves who signs in: a new address is a new account.")
        self.fields["is_active"].label = _("May sign in")
        self.fields["is_active"].help_text = _(
            "Take the tick away when somebody leaves: their sessions end, and their open work goes back to its queue."
        )
        if editing_self:
            self.fields["groups"].disabled = self.fields["is_active"].disabled = True
            self.fields["groups"].help_text = _("Somebody else has to change your roles.")

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Names are saved as they are; roles and leaving go through the services that keep the record."""
        user = User.objects.get(pk=self.instance.pk)
        user.first_name, user.last_name = self.cleaned_data["first_name"], self.cleaned_data["last_name"]
        user.save(update_fields=["first_name", "last_name"])
        cause = staffing.Cause.page(self.by)
        if user.is_active and not self.cleaned_data["is_active"]:
            staffing.leave(user, cause=cause)
        elif user.is_active:
            staffing.move(user, roles=self._roles(), cause=cause)
        elif self.cleaned_data["is_active"]:
            staffing.join(user.email, roles=self._roles(), cause=cause)
        self.instance.refresh_from_db()
        return cast(User, self.instance)

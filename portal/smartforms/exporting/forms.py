from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from barnet.kit.dates import DateField
from barnet.kit.wording import date_long
from portal.smartforms.definition.model import DataClass, StepKind
from portal.smartforms.exporting.batches import READ_SPECIAL, Export
from portal.smartforms.models import FormVersion
from portal.smartforms.versions import definition_of


class ChooseVersionForm(forms.Form):
    version = forms.ChoiceField(
        label=_("Form and version"), error_messages={"required": _("Choose the form and its version")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = FormVersion.objects.order_by("form__title", "-number").values_list(
            "pk", "form__title", "number", "published_at"
        )
        words = _("%(form)s, version %(number)s, of %(day)s")
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *(
                (str(pk), words % {"form": form, "number": number, "day": date_long(timezone.localdate(at))})
                for pk, form, number, at in rows
            ),
        ]


class ExportForm(forms.Form):
    """What goes into the file, and for what. `with_special` is only asked of who has the right, where there is some."""

    mark_optional = False

    contents = forms.ChoiceField(
        label=_("File"),
        widget=forms.RadioSelect,
        initial="csv",
        error_messages={"required": _("Choose the file")},
    )
    from_on = DateField(label=_("Sent from"), help_text=_("Leave it empty for the first."), required=False)
    until_on = DateField(label=_("Sent until"), help_text=_("Leave it empty for the last."), required=False)
    purpose = forms.CharField(
        label=_("What do you need the answers for?"),
        help_text=_(
            "For example: “Report to the committee of 3 December”. It is recorded with each person whose answers are "
            "in the file, and they can see it."
        ),
        min_length=4,
        max_length=100,
        error_messages={
            "required": _("Say what you need the answers for"),
            "min_length": _("Say in a few words what you need the answers for"),
            "max_length": _("Say in at most 100 characters what you need the answers for"),
        },
    )

    def __init__(self, *args: Any, version: FormVersion, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        definition = definition_of(version)
        groups = [step for step in definition.steps if step.kind is StepKind.GROUP]
        line_each = _("CSV of “%(title)s”: a line for each")
        self.fields["contents"].choices = [  # type: ignore[attr-defined]
            ("csv", _("CSV: a line for each form that was sent")),
            *((f"group-{step.key}", line_each % {"title": step.title}) for step in groups),
            ("json", _("JSON: everything")),
        ]
        has_special = any(one.data_class is DataClass.SPECIAL for one in definition.questions.values())
        if has_special and user.has_perm(READ_SPECIAL):
            self.fields["with_special"] = forms.BooleanField(
                label=_("With special-category answers"),
                help_text=_("About health, belief, origin and the like. Only when the purpose needs them."),
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("from_on"), said.get("until_on")
        if first and last and first > last:
            self.add_error("until_on", _("The last day must not be before the first"))
        return said

    def export(self) -> Export:
        said = self.cleaned_data
        return Export(
            version=self.version,
            purpose=said["purpose"],
            with_special=said.get("with_special", False),
            from_on=said["from_on"],
            until_on=said["until_on"],
        )

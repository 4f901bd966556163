"""Which containers and how many; why, and how to reach whoever ordered them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from barnet.kit.submission import SubmissionKeyMixin
from portal.waste.contact_fields import ContactFields
from portal.waste.orders.enums import OrderReason
from portal.waste.orders.rules import KindChoice
from portal.waste.orders.services import Line

REASON = "reason-"  # before the code of a kind: the field that asks why
_NOT_HERE = _("Choose how many from the list.")


class ChooseContainersForm(forms.Form):
    """How many of each kind that the home may order. A field is called like the code of its kind."""

    mark_optional = False

    def __init__(self, *args: Any, choices: Sequence[KindChoice], by_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [choice for choice in choices if choice.may_choose(by_staff=by_staff)]
        for choice in self.choices:
            self.fields[choice.kind.code] = forms.TypedChoiceField(
                label=choice.kind.name,
                help_text=_words(choice, by_staff=by_staff),
                choices=[(n, str(n) if n else _("None")) for n in range(choice.most_of_any(by_staff=by_staff) + 1)],
                coerce=int,
                empty_value=0,  # type: ignore[arg-type]  # of the type that `coerce` gives
                required=False,
                error_messages={"invalid_choice": _NOT_HERE},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.choices and not self.errors and not any(cleaned.values()):
            self.add_error(self.choices[0].kind.code, _("Choose at least one container."))
        return cleaned

    @property
    def numbers(self) -> dict[str, int]:
        return {code: number for code, number in self.cleaned_data.items() if number}


def _words(choice: KindChoice, *, by_staff: bool) -> str:
    if all(reason == OrderReason.GIVE_BACK for reason in choice.most_for(by_staff=by_staff)):
        return _("%(what)s. You can give it back.") % {"what": choice.kind.purpose}
    price = choice.facts.price
    cost = f"{price.now}." if price else ""
    known = [f"{choice.kind.purpose}.", choice.kind.who_may, cost, choice.sentence, choice.advice]
    return " ".join(filter(None, known))


class OrderForm(SubmissionKeyMixin, ContactFields):
    """Everything travels in it from the question page to "check your answers" and back: nothing waits in a session."""

    hints: ClassVar = {
        "email": _(
            "We send you the reference and tell you what happens. Without it, you have to contact us to find out."
        ),
        "phone": _("In case the driver has a question."),
    }

    note = forms.CharField(
        label=_("Anything that the driver should know"),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text=_("For example, where to leave it. Do not write about health or other private matters."),
    )

    def __init__(
        self, *args: Any, chosen: Sequence[tuple[KindChoice, int]], by_staff: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = list(chosen)
        self.reason_names: list[str] = []
        contact = {name: self.fields.pop(name) for name in ("name", "email", "phone", "note")}
        for choice, number in self.chosen:
            self._ask(choice, number, by_staff=by_staff)
        if by_staff and any(choice.needs_payment for choice, _number in self.chosen):
            self.fields["receipt"] = forms.CharField(
                label=_("Receipt number of the payment"),
                max_length=80,
                required=False,
                help_text=_(
                    "Take the payment first. If nothing is due, say why: Council Tax Support, for example. To give "
                    "something back costs nothing."
                ),
            )
        self.fields.update(contact)

    def _ask(self, choice: KindChoice, number: int, *, by_staff: bool) -> None:
        code = choice.kind.code
        self.fields[code] = forms.IntegerField(
            min_value=number, max_value=number, widget=forms.HiddenInput, initial=number
        )
        name = f"{REASON}{code}"
        self.fields[name] = forms.ChoiceField(
            label=_("Tell us why: %(kind)s") % {"kind": f"{number} × {choice.kind.name}"},
            choices=[(reason.value, reason.label) for reason in choice.reasons(number, by_staff=by_staff)],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Say why."),
                "invalid_choice": _("Choose a reason from the list."),
            },
        )
        self.reason_names.append(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        fees = [
            choice.fee_for(OrderReason(cleaned[name]))
            for (choice, _number), name in zip(self.chosen, self.reason_names, strict=True)
            if name in cleaned
        ]
        if "receipt" in self.fields and any(fees) and not cleaned.get("receipt"):
            self.add_error("receipt", _("Enter the receipt number of the payment, or why nothing is due."))
        return cleaned

    @property
    def lines(self) -> list[Line]:
        return [
            Line(choice.kind.code, number, OrderReason(self.cleaned_data[f"{REASON}{choice.kind.code}"]))
            for choice, number in self.chosen
        ]

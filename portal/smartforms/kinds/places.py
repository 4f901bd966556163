"""A place that has no address of its own: a hole in the road, a lamp, a corner of a park.

Somebody looks for the nearest address, and moves the pin from there: by buttons, or with a click where scripts run. Or
they describe the place in words, which is as good. A place outside our wards is refused. It asks the database, and is
registered when the apps are ready.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.areas import areas_at
from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import BNG, Area
from barnet.gazetteer.picker import STEP, PickerResult, pick, search_again
from barnet.gazetteer.selectors import neighbours
from barnet.kit.fields import FieldView
from barnet.kit.maps import LocatorMap, Neighbour
from portal.smartforms.definition.model import Question
from portal.smartforms.kinds.composed import Parts, Sent, ThingKind, part_errors
from portal.smartforms.kinds.registry import ASK_MORE, Asking, Family, common

METRES = 120  # width of the map
DRAWN = 60  # neighbours
LONGEST_WORDS = 500
STRIDE = 10  # metres that a button moves the pin
MOVES = {"north": (0, STRIDE), "south": (0, -STRIDE), "west": (-STRIDE, 0), "east": (STRIDE, 0)}
_METRES = re.compile(r"[0-9]{1,7}")
OUTSIDE = "outside"


@dataclass
class Spot:
    """Where the question stands: a point on the map, or words only."""

    form: forms.Form
    easting: int | None = None
    northing: int | None = None
    moved: str = ""  # the button that was pressed last: the keyboard goes on from there

    @property
    def has_point(self) -> bool:
        return self.easting is not None and self.northing is not None

    @property
    def point(self) -> Point:
        return Point(float(self.easting or 0), float(self.northing or 0), srid=BNG)


class _WordsForm(forms.Form):
    text = forms.CharField(
        label=_("Describe the place"),
        help_text=_("The street, and what is near: a house number, a shop, a junction, a bus stop"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea,
        error_messages={
            "required": _("Describe the place"),
            "max_length": _("Describe the place in at most 500 characters"),
        },
    )

    def __init__(self, *args: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = required

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if self.fields["text"].required and not any(sign.isalnum() for sign in text):
            raise forms.ValidationError(_t("Describe the place"))
        return text


class _PlaceWidget(Parts):
    template = "smartforms/kinds/place.html"

    def context(self, view: FieldView) -> dict[str, Any]:
        field: Any = view.bound.field
        stands = field.shown(view.bound)
        context: dict[str, Any] = {"prefix": view.bound.html_name, "form": stands.form}
        if isinstance(stands, PickerResult):
            return context | {"picked": stands}
        moves = [(_t("North"), "north"), (_t("South"), "south"), (_t("West"), "west"), (_t("East"), "east")]
        return context | {
            "spot": stands,
            "map": map_around(stands.point, str(field.label)) if stands.has_point else None,
            "metres": METRES,
            "moves": moves,
        }


class PlaceField(forms.Field):
    widget = _PlaceWidget
    stands: PickerResult | Spot | None = None

    def __init__(self, question: Question, asking: Asking) -> None:
        super().__init__(**common(question))
        self.on = asking.on

    def clean(self, value: Any) -> Any:
        sent = value if isinstance(value, Sent) else Sent.nothing()
        said = {key: str(sent.data.get(f"{sent.name}-{key}", "")) for key in ("easting", "northing", "move", STEP)}
        if said[STEP] != "change" and (said["easting"] or said["northing"]):
            return self._pinned(sent, said)
        if said[STEP] in {"type", "words"} or (
            f"{sent.name}-text" in sent.data and said[STEP] not in {"search", "change"}
        ):
            return self._described(sent, is_asking=said[STEP] == "type")
        return self._searched(sent)

    # --- a point ---

    def _pinned(self, sent: Sent, said: Mapping[str, str]) -> Any:
        if not (_METRES.fullmatch(said["easting"]) and _METRES.fullmatch(said["northing"])):
            self.stands = search_again(sent.name)
            raise ValidationError(_t("We could not read the place. Look for it again."), code="place")
        east, north = MOVES.get(said["move"], (0, 0))
        words = _words(sent, required=False)
        spot = self.stands = Spot(words, int(said["easting"]) + east, int(said["northing"]) + north, said["move"])
        errors = part_errors(words)
        if not in_borough(spot.point, self.on):
            sentence = _t("This place is outside our borough. Choose a place in it, or tell the council there.")
            errors.append(ValidationError(sentence, code=OUTSIDE))
        if said["move"]:
            errors.append(ValidationError(_t("Move the pin"), code=ASK_MORE))
        if errors:
            raise ValidationError(errors)
        text = words.cleaned_data["text"]
        return {"easting": str(spot.easting), "northing": str(spot.northing), "text": text}

    # --- words ---

    def _described(self, sent: Sent, *, is_asking: bool) -> Any:
        is_sent = f"{sent.name}-text" in sent.data
        words = _words(sent, required=True) if is_sent else _WordsForm(prefix=sent.name)
        self.stands = Spot(words)
        if is_asking:
            raise ValidationError(_t("Describe the place"), code=ASK_MORE)
        if not self.required and not sent.data.get(f"{sent.name}-text", "").strip():
            return None
        if not words.is_valid():
            raise ValidationError(part_errors(words))
        return {"easting": "", "northing": "", "text": words.cleaned_data["text"]}

    # --- the nearest address ---

    def _searched(self, sent: Sent) -> Any:
        picked = pick(sent.data, prefix=sent.name, optional=not self.required)
        if picked.address:
            return self._arrived(sent, picked)
        if picked.step == "type":
            return self._described(sent, is_asking=True)
        self.stands = picked
        if picked.step == "search" and not picked.form.is_bound and not picked.is_asking:
            if not self.required:
                return None
            picked = self.stands = search_again(sent.name, nothing_typed=True)
        more = [ValidationError(_t("Choose the place"), code=ASK_MORE)]
        raise ValidationError(
            [*part_errors(picked.form), *(more if picked.is_asking or not picked.form.errors else [])]
        )

    def _arrived(self, sent: Sent, picked: PickerResult) -> Any:
        """From here the pin can be moved."""
        assert picked.address is not None
        point = picked.address.location
        words = _WordsForm(prefix=sent.name, initial={"text": picked.address.one_line}, required=False)
        self.stands = Spot(words, round(point.x), round(point.y))
        raise ValidationError(_t("Move the pin"), code=ASK_MORE)

    # --- what is shown ---

    def shown(self, bound: BoundField) -> PickerResult | Spot:
        if bound.form.is_bound and bound.form.errors is not None and self.stands is not None:
            return self.stands
        value = bound.value()
        if not isinstance(value, dict):
            return search_again(bound.html_name)
        has_point = bool(value.get("easting"))
        words = _WordsForm(prefix=bound.html_name, initial={"text": value.get("text", "")}, required=not has_point)
        if not has_point:
            return Spot(words)
        return Spot(words, int(value["easting"]), int(value["northing"]))

    def shown_form(self, bound: BoundField) -> forms.Form:
        return self.shown(bound).form

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def _words(sent: Sent, *, required: bool) -> forms.Form:
    form = _WordsForm(sent.data, prefix=sent.name, required=required)
    form.is_valid()
    return form


def in_borough(point: Point, on: dt.date) -> bool:
    """By our wards. Before any ward is imported nobody can tell."""
    if areas_at(point, on, AreaKind.WARD):
        return True
    return not Area.objects.valid(on).filter(kind=AreaKind.WARD).exists()


def map_around(point: Point, title: str) -> LocatorMap:
    """A pin, with the streets and houses around it."""
    around = neighbours(point, METRES * 0.6)[:DRAWN]
    return LocatorMap(
        centre=(point.x, point.y),
        title=title,
        metres=METRES,
        addresses=[
            Neighbour(row.location.x, row.location.y, str(row.pao_start_number or ""), row.street.title())
            for row in around
        ],
    )


@dataclass(frozen=True)
class _Place(ThingKind):
    def from_json(self, kept: Any) -> Any:
        found = super().from_json(kept)
        numbers = [found.get(part, "-") for part in ("easting", "northing")]
        good = numbers == ["", ""] or all(_METRES.fullmatch(number) for number in numbers)
        if found.keys() != {"easting", "northing", "text"} or not good:
            raise ValueError("An easting and a northing in metres, perhaps both empty, and a text are needed here.")
        return found

    def in_words(self, question: Question, value: Any) -> str:
        if not value["easting"]:
            return value["text"]
        grid = _t("easting %(east)s, northing %(north)s") % {"east": value["easting"], "north": value["northing"]}
        return f"{value['text']} ({grid})" if value["text"] else grid

    def posted(self, name: str, value: Any) -> dict[str, list[Any]]:
        return {f"{name}-{part}": [text] for part, text in value.items() if text or part == "text"}


EXAMPLE = {"easting": "", "northing": "", "text": "By the bus stop in the High Street"}
KINDS = (_Place("location", _("Place on a map"), Family.THING, PlaceField, EXAMPLE),)

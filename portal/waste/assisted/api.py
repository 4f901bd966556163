"""`GET /api/v1/waste/assisted-homes/`: for the devices of crews. Only what they need to fetch the bins."""

import datetime as dt
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from barnet.customers.api.api_access import ApiKeyAuthentication, ApiKeyThrottle, HasScope
from barnet.customers.api.api_keys import ApiScope
from barnet.customers.services import record_readings
from portal.waste.assisted.devices import After, homes_for_devices
from portal.waste.assisted.enums import Standing
from portal.waste.models import AssistedCollection, Round

_SALT = "portal.waste.assisted.devices"


# Made by hand, because `from` is a word of Python.
AssistedHomeSerializer: type[serializers.Serializer] = type(
    "AssistedHomeSerializer",
    (serializers.Serializer,),
    {
        "id": serializers.IntegerField(help_text="Of the arrangement: the last row of an id counts."),
        "uprn": serializers.IntegerField(),
        "address": serializers.CharField(),
        "rounds": serializers.ListField(child=serializers.CharField(), help_text="Codes of the rounds of the home."),
        "stands": serializers.ChoiceField(choices=Standing.choices, help_text="Where the bins stand."),
        "place": serializers.CharField(help_text="How the crew finds them."),
        "gate_code": serializers.CharField(),
        "from": serializers.DateField(help_text="The first day."),
        "until": serializers.DateField(allow_null=True, help_text="The last day; null: as long as it is needed."),
    },
)


class AssistedHomesSerializer(serializers.Serializer):
    homes = AssistedHomeSerializer(many=True)
    gone = serializers.ListField(child=serializers.IntegerField(), help_text="Delete these ids.")
    since = serializers.DateTimeField(help_text="Send it next time, to be given what changed.")
    next = serializers.CharField(allow_null=True, help_text="Send it as `after` for the rest.")


class ProblemSerializer(serializers.Serializer):
    detail = serializers.CharField()


class AssistedHomesView(APIView):
    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (HasScope,)
    throttle_classes = (ApiKeyThrottle,)
    scope = ApiScope.ASSISTED_READ

    @extend_schema(
        operation_id="waste_assisted_homes",
        summary="Homes whose bins the crew fetches",
        parameters=[
            OpenApiParameter("round", str, description="The code of a round: only its homes."),
            OpenApiParameter("since", str, description="Of an earlier answer: only what changed since."),
            OpenApiParameter("after", str, description="`next` of an answer, with the same `round` and `since`."),
        ],
        responses={
            200: AssistedHomesSerializer,
            401: OpenApiResponse(ProblemSerializer, "No key, or one that is not known, ended or was revoked."),
            403: OpenApiResponse(ProblemSerializer, "The key does not open this."),
            422: OpenApiResponse(ProblemSerializer, "What was asked makes no sense."),
            429: OpenApiResponse(ProblemSerializer, "Too many calls."),
        },
        tags=["waste"],
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        try:
            since, after = _since(asked.get("since", "")), _after(asked.get("after", ""))
            round_code = _round(asked.get("round", ""))
        except ValueError as error:
            return Response({"detail": str(error)}, status=422)
        given = homes_for_devices(today=timezone.localdate(), round_code=round_code, since=since, after=after)
        record_readings(
            actor=request.auth,
            read=[(one.customer, f"assisted collection {one.pk}") for one in given.homes],
            purpose=f"devices of crews {round_code}".strip(),
        )
        body = {
            "homes": [_row(one, given.rounds.get(one.address_id, [])) for one in given.homes],
            "gone": given.gone,
            "since": given.since.isoformat(),
            "next": _signed(given.next) if given.next else None,
        }
        return Response(body, headers={"Cache-Control": "no-store"})


def _row(one: AssistedCollection, rounds: list[str]) -> dict[str, Any]:
    return {
        "id": one.pk,
        "uprn": one.address_id,
        "address": one.address.one_line,
        "rounds": rounds,
        "stands": one.stands,
        "place": one.place,
        "gate_code": one.gate_code,
        "from": one.from_on.isoformat(),
        "until": one.last_on.isoformat() if one.last_on else None,
    }


def _since(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # a plus that nobody quoted arrives as a space
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise ValueError("since is the since of an earlier answer.")
    return moment


def _round(code: str) -> str:
    if code and not Round.objects.filter(code=code).exists():
        raise ValueError("There is no such round.")
    return code


def _signed(after: After) -> str:
    return signing.dumps([after.changed_at.isoformat(), after.pk], salt=_SALT, compress=True)


def _after(text: str) -> After | None:
    if not text:
        return None
    try:
        changed_at, pk = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        raise ValueError("after is the next of an earlier answer.") from None
    return After(dt.datetime.fromisoformat(changed_at), pk)

"""`/api/v1/waste/…`: the files of `portal.waste.importing` as JSON, with the same checks.

A call is taken whole or not at all. What is wrong is named by the index of the row. Sending it again is harmless: what
is known is counted as unchanged, and with an `Idempotency-Key` the same call gets the same answer.
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from barnet.customers.api.api_access import ApiKeyAuthentication, ApiKeyThrottle, HasScope
from barnet.customers.api.api_keys import ApiScope, ReusedKeyError, answer_once
from barnet.kit.bulk import bulk_transaction
from portal.waste.importing import collections, crew_log, holiday_shifts, notices, rounds
from portal.waste.importing.csv_file import Line, Tally

MOST_ROWS = 5_000
_LONGEST_CELL = 400
_UNREADABLE = re.compile("[\x00�]")
Take = Callable[[list[Line], Tally], None]


class DoneSerializer(serializers.Serializer):
    read = serializers.IntegerField(help_text="Rows in the call.")
    done = serializers.DictField(child=serializers.IntegerField(), help_text="What was added, changed or known.")
    is_dry_run = serializers.BooleanField(help_text="True: everything was checked, and nothing was changed.")


class RowErrorSerializer(serializers.Serializer):
    index = serializers.IntegerField(help_text="Of the row, from 0.")
    reason = serializers.CharField()


class RefusedSerializer(serializers.Serializer):
    detail = serializers.CharField()
    errors = RowErrorSerializer(many=True)


class ProblemSerializer(serializers.Serializer):
    detail = serializers.CharField()


def _row_serializer(name: str, required: tuple[str, ...], optional: tuple[str, ...]) -> type[serializers.Serializer]:
    cells: dict[str, Any] = {
        **{column: serializers.CharField(max_length=_LONGEST_CELL, allow_blank=True) for column in required},
        **{
            column: serializers.CharField(max_length=_LONGEST_CELL, required=False, allow_blank=True, allow_null=True)
            for column in optional
        },
    }
    return type(f"{name}Row", (serializers.Serializer,), cells)


def _call_serializer(name: str, row: type[serializers.Serializer]) -> type[serializers.Serializer]:
    return type(name, (serializers.Serializer,), {"rows": row(many=True, help_text=f"1 to {MOST_ROWS:,} rows.")})


class ImportView(APIView):
    """Subclasses say which columns a row has and what takes the rows."""

    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (HasScope,)
    throttle_classes = (ApiKeyThrottle,)
    parser_classes = (JSONParser,)
    scope = ApiScope.WASTE_WRITE
    columns: tuple[str, ...]
    required: tuple[str, ...]
    take: Take

    def post(self, request: Request) -> Response:
        try:
            call = request.get_full_path().encode() + b"\n" + request.body
        except RequestDataTooBig:
            return Response({"detail": "The call is too long. Send fewer rows at a time."}, status=413)
        rows = request.data.get("rows") if isinstance(request.data, dict) else None
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
            return _problem(f'Send {{"rows": […]}} with 1 to {MOST_ROWS:,} rows.')
        is_dry_run = request.query_params.get("dry_run") == "true"
        idempotency_key = request.headers.get("Idempotency-Key", "").strip()
        if not idempotency_key or is_dry_run:
            status, body = self._import(rows, is_dry_run)
            return Response(body, status=status)
        if len(idempotency_key) > 200 or _UNREADABLE.search(idempotency_key):
            return _problem("An Idempotency-Key has up to 200 signs.")
        try:
            (status, body), is_repeat = answer_once(
                request.auth, idempotency_key, call, lambda: self._import(rows, is_dry_run=False)
            )
        except ReusedKeyError:
            return _problem("This Idempotency-Key was used for another call.")
        return Response(body, status=status, headers={"Idempotency-Replayed": "true"} if is_repeat else None)

    def _import(self, rows: list[Any], is_dry_run: bool) -> tuple[int, Any]:
        tally = Tally(read=len(rows))
        lines = [line for index, row in enumerate(rows) if (line := self._line(index, row, tally))]
        with bulk_transaction():
            type(self).take(lines, tally)
            if tally.refused or is_dry_run:
                transaction.set_rollback(True)
        if tally.refused:
            errors = [{"index": index, "reason": reason} for index, reason in sorted(tally.refused)]
            return 422, {"detail": "Nothing was changed: some rows cannot be taken.", "errors": errors}
        return 200, {"read": tally.read, "done": dict(tally.done), "is_dry_run": is_dry_run}

    def _line(self, index: int, row: Any, tally: Tally) -> Line | None:
        reason = self._wrong_shape(row)
        if reason:
            tally.refuse(index, reason)
            return None
        return Line(index, {column: _cell(row.get(column)) for column in self.columns})

    def _wrong_shape(self, row: Any) -> str:
        if not isinstance(row, dict):
            return "a row is an object of columns"
        if unknown := sorted(str(name)[:40] for name in row.keys() - set(self.columns)):
            return f"unknown columns: {', '.join(unknown[:5])}; known are {', '.join(self.columns)}"
        if missing := [name for name in self.required if name not in row]:
            return f"missing columns: {', '.join(missing)}"
        for name, value in row.items():
            if isinstance(value, dict | list | float):
                return f"{name} is a text, a whole number, true, false or null"
            if isinstance(value, str) and (len(value) > _LONGEST_CELL or _UNREADABLE.search(value)):
                return f"{name} is too long or holds characters that cannot be read"
        return ""


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()


def _problem(detail: str) -> Response:
    return Response({"detail": detail, "errors": []}, status=422)


def _view(name: str, summary: str, module: Any, take: Take) -> type[ImportView]:
    required, optional = module.REQUIRED, getattr(module, "OPTIONAL", ())
    view = type(
        f"{name}View",
        (ImportView,),
        {"columns": (*required, *optional), "required": required, "take": staticmethod(take), "__doc__": summary},
    )
    described = extend_schema(
        operation_id=f"waste_{name.lower()}_import",
        summary=summary,
        request=_call_serializer(name, _row_serializer(name, required, optional)),
        parameters=[
            OpenApiParameter("dry_run", bool, description="Check everything, change nothing."),
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same call again is answered the same."
            ),
        ],
        responses={
            200: DoneSerializer,
            400: OpenApiResponse(ProblemSerializer, "Not JSON."),
            401: OpenApiResponse(ProblemSerializer, "No key, or one that is not known, ended or was revoked."),
            403: OpenApiResponse(ProblemSerializer, "The key does not open this."),
            413: OpenApiResponse(ProblemSerializer, "Too long."),
            415: OpenApiResponse(ProblemSerializer, "Not sent as application/json."),
            422: OpenApiResponse(RefusedSerializer, "Nothing was changed."),
            429: OpenApiResponse(ProblemSerializer, "Too many calls."),
        },
        tags=["waste"],
    )
    view.post = described(_post_of(view))  # type: ignore[attr-defined, method-assign]
    return view


def _post_of(view: type[ImportView]) -> Callable[..., Response]:
    """A method of its own for each view: the description hangs on it."""

    def post(self: ImportView, request: Request) -> Response:
        return super(view, self).post(request)  # type: ignore[misc]

    return post


RoundsView = _view("Rounds", "Rounds and their crews", rounds, lambda lines, tally: rounds.import_rounds(lines, tally))
CollectionsView = _view(
    "Collections",
    "Bins at properties, and the rounds that empty them",
    collections,
    lambda lines, tally: collections.import_collections(lines, tally, today=timezone.localdate()),
)
ShiftsView = _view(
    "HolidayShifts",
    "Days whose collections take place on another day",
    holiday_shifts,
    lambda lines, tally: holiday_shifts.import_holiday_shifts(lines, tally),
)
NoticesView = _view(
    "Notices",
    "Suspended, late and moved rounds",
    notices,
    lambda lines, tally: notices.import_notices(lines, tally, today=timezone.localdate()),
)
CrewLogView = _view(
    "CrewLog",
    "What crews logged, and finished rounds",
    crew_log,
    lambda lines, tally: crew_log.import_crew_log(lines, tally, now=timezone.now()),
)

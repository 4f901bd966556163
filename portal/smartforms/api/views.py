"""`/api/v1/forms/`: list, definition, draft, steps, files, sending, what became of it.

Every call goes through `api.door`, the answers through the checks of the pages. A refused call changes nothing.
"""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from barnet.customers.api.api_access import ApiKeyAuthentication, ApiKeyThrottle, HasScope
from barnet.customers.api.api_keys import ApiScope
from portal.smartforms.api import answering, door, filing, shapes
from portal.smartforms.api.describing import form_as_json, form_row
from portal.smartforms.api.reading import PlainJSONParser, body_of, idempotency_key_of
from portal.smartforms.api.telling import state_of, submission_as_json
from portal.smartforms.models import DraftState, FormFile, Submission
from portal.smartforms.results.submitting import NotCompleteError, NothingToSendError, submit
from portal.smartforms.running.expiring import delete_draft

AT_ONCE = 100
PROBLEMS = {
    400: OpenApiResponse(shapes.FormProblemSerializer, "This is no JSON, is nested too deeply, or is no text."),
    401: OpenApiResponse(shapes.FormProblemSerializer, "No key, or one that is not known, ended or was revoked."),
    403: OpenApiResponse(shapes.FormProblemSerializer, "The key does not open forms."),
    404: OpenApiResponse(shapes.FormProblemSerializer, "There is nothing here that this key may reach."),
    413: OpenApiResponse(shapes.FormProblemSerializer, "Too long."),
    429: OpenApiResponse(shapes.FormProblemSerializer, "Too many calls, or the form was begun too often today."),
}
REPLAYED = {"Idempotency-Replayed": "true"}


def described(name: str, summary: str, gives: dict[int, Any], **more: Any) -> Any:
    return extend_schema(
        operation_id=f"forms_{name}", summary=summary, responses={**gives, **PROBLEMS}, tags=["forms"], **more
    )


class FormsView(APIView):
    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (HasScope,)
    throttle_classes = (ApiKeyThrottle,)
    parser_classes: Any = (PlainJSONParser,)
    scope = ApiScope.FORMS_FILL

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class FormListView(FormsView):
    @described("list", "The forms that this key opens", {200: shapes.FormsSerializer})
    def get(self, request: Request) -> Response:
        return Response({"forms": [form_row(found.form) for found in door.open_forms(request.auth)]})


class FormView(FormsView):
    @described("definition", "What a form asks, in its current version", {200: shapes.FormDefinitionSerializer})
    def get(self, request: Request, slug: str) -> Response:
        found = door.open_form(request.auth, slug)
        return Response(form_as_json(found.form, found.version))


class DraftsView(FormsView):
    @described(
        "begin",
        "Begin to fill in a form",
        {201: shapes.DraftStateSerializer, 200: OpenApiResponse(shapes.DraftStateSerializer, "It was begun before.")},
        request=None,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="One key, one draft."
            )
        ],
    )
    def post(self, request: Request, slug: str) -> Response:
        found = door.open_form(request.auth, slug)
        try:
            run, is_repeat = door.begin(request.auth, found, idempotency_key_of(request))
        except door.TooManyStartsError:
            return _problem("This form was begun as often today as this key may.", 429)
        if is_repeat:
            return Response(state_of(door.run_of(request.auth, slug, run.draft.pk)), headers=REPLAYED)
        return Response(state_of(run), status=201)


class DraftView(FormsView):
    @described("state", "Where a filling-in stands", {200: shapes.DraftStateSerializer})
    def get(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        return Response(state_of(door.run_of(request.auth, slug, draft_id)))

    @described("give_up", "Delete a draft with its answers and files", {204: None})
    def delete(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        run = door.run_of(request.auth, slug, draft_id)
        return Response(status=204) if delete_draft(run.draft) else _was_sent()


class StepView(FormsView):
    @described(
        "save_step",
        "Answer a step, in place of what it held",
        {
            200: shapes.DraftStateSerializer,
            409: OpenApiResponse(shapes.NotCompleteSerializer, "The step is not asked now, or all was sent."),
            422: OpenApiResponse(shapes.AnswersRefusedSerializer, "What is wrong, by question. Nothing was changed."),
        },
        request=shapes.SaveStepSerializer,
    )
    def put(self, request: Request, slug: str, draft_id: uuid.UUID, step_key: str) -> Response:
        sent = body_of(request)
        run = door.run_of(request.auth, slug, draft_id)
        if run.draft.state == DraftState.SENT:
            return _was_sent()
        shown = run.shown(step_key)
        if shown is None:
            return _not_complete("This step is not asked now.", run)
        wrong = answering.take(run, shown, sent.get("answers"))
        if wrong.errors:
            return _refused(wrong.errors)
        return Response(state_of(run))


class FilesView(FormsView):
    parser_classes = (MultiPartParser,)

    @described(
        "upload",
        "Send a file for a question; then name its id in the answer",
        {
            201: shapes.FileSerializer,
            409: OpenApiResponse(shapes.NotCompleteSerializer, "The question is not asked now, or all was sent."),
            422: OpenApiResponse(shapes.AnswersRefusedSerializer, "Why the file cannot be taken."),
        },
        request={"multipart/form-data": shapes.UploadSerializer},
    )
    def post(self, request: Request, slug: str, draft_id: uuid.UUID, question: str) -> Response:
        """The same file sent twice is kept once, so no idempotency key is needed."""
        run = door.run_of(request.auth, slug, draft_id)
        if run.draft.state == DraftState.SENT:
            return _was_sent()
        asked = filing.asked(run, question)
        if asked is None:
            return _not_complete("This question is not asked now, or is not answered with files.", run)
        uploads = request.FILES.getlist("file")
        if len(uploads) != 1:
            return _refused([_error(question, "Send one file, named `file`.")])
        try:
            row = filing.keep(run, question, asked, uploads[0])
        except ValidationError as error:
            return _refused([_error(question, sentence) for sentence in answering.sentences_of(error)])
        return Response(row, status=201)


class FileView(FormsView):
    @described("remove_file", "Take a file back", {204: None})
    def delete(self, request: Request, slug: str, draft_id: uuid.UUID, file_id: uuid.UUID) -> Response:
        run = door.run_of(request.auth, slug, draft_id)
        if run.draft.state == DraftState.SENT:
            return _was_sent()
        if not FormFile.objects.filter(draft=run.draft, pk=file_id).exists():
            raise Http404
        filing.remove(run, file_id)
        return Response(status=204)


class SubmitView(FormsView):
    @described(
        "submit",
        "Send: it becomes a request",
        {
            201: shapes.SubmissionSerializer,
            200: OpenApiResponse(shapes.SubmissionSerializer, "It was sent before: the same request."),
            409: OpenApiResponse(
                shapes.NotCompleteSerializer, "Something is to be answered, or nothing is to be sent."
            ),
            422: OpenApiResponse(shapes.AnswersRefusedSerializer, "The declaration is missing."),
        },
        request=shapes.SubmitSerializer,
    )
    def post(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        """The draft itself is the key of idempotency: it is sent once."""
        sent = body_of(request)
        run = door.run_of(request.auth, slug, draft_id)
        earlier = _sent_before(run.draft.pk)
        if earlier:
            return Response(submission_as_json(earlier), headers=REPLAYED)
        if run.definition.declaration and sent.get("declared") is not True:
            return _refused(
                [_error("declared", "Show the declaration, and send declared: true when it was agreed to.")]
            )
        try:
            submission = submit(run.draft, actor=run.party.actor, customer=None, facts=run.facts)
        except NotCompleteError as error:
            run = door.run_of(request.auth, slug, draft_id)
            return _not_complete(error.sentence or "Something is still to be answered.", run)
        except NothingToSendError:
            return _not_complete("This form ends with an explanation: there is nothing to send.", run)
        return Response(submission_as_json(_sent_before(submission.draft_id) or submission), status=201)


class HandOverView(FormsView):
    @described(
        "hand_over",
        "Send a link by e-mail, to go on at home; after this the key does not reach the draft",
        {
            204: None,
            409: OpenApiResponse(shapes.NotCompleteSerializer, "It was sent."),
            422: OpenApiResponse(shapes.AnswersRefusedSerializer, "This is no e-mail address."),
        },
        request=shapes.HandOverSerializer,
    )
    def post(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        """Twice is once: the second finds nothing."""
        sent = shapes.HandOverSerializer(data=body_of(request))
        run = door.run_of(request.auth, slug, draft_id)
        if run.draft.state == DraftState.SENT:
            return _was_sent()
        if not sent.is_valid():
            return _refused([_error("email", "Enter an email address in the correct format, like name@example.com")])
        door.hand_over(run, sent.validated_data["email"])
        return Response(status=204)


class SubmissionsView(FormsView):
    @described(
        "submissions",
        "What this key has sent, the latest first",
        {200: shapes.SubmissionsSerializer},
        parameters=[OpenApiParameter("page", int, description="`next` of an answer.")],
    )
    def get(self, request: Request, slug: str) -> Response:
        pages = Paginator(door.submissions_of(request.auth, slug), AT_ONCE)
        page = pages.get_page(request.query_params.get("page", "1")[:9])
        following = str(page.next_page_number()) if page.has_next() else None
        return Response({"submissions": [submission_as_json(row) for row in page], "next": following})


class SubmissionView(FormsView):
    @described("submission", "What became of one", {200: shapes.SubmissionSerializer})
    def get(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        row = door.submissions_of(request.auth, slug).filter(draft_id=draft_id).first()
        if row is None:
            raise Http404
        return Response(submission_as_json(row))


def _sent_before(draft_id: uuid.UUID) -> Submission | None:
    return Submission.objects.select_related("case", "version__form").filter(draft_id=draft_id).first()


def _problem(detail: str, status: int) -> Response:
    return Response({"detail": detail}, status=status)


def _was_sent() -> Response:
    return Response({"detail": "This was sent. It cannot be changed any more.", "step": None}, status=409)


def _not_complete(detail: str, run: Any) -> Response:
    step = run.walk.open_step
    return Response({"detail": detail, "step": step.key if step else None}, status=409)


def _error(question: str, message: str) -> dict[str, Any]:
    return {"question": question, "index": None, "message": message}


def _refused(errors: list[dict[str, Any]]) -> Response:
    return Response({"detail": "Nothing was changed: some answers cannot be taken.", "errors": errors}, status=422)

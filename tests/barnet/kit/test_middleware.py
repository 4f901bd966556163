"""Bad input at the front door: a clear answer, never a 500."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

FORM = "application/x-www-form-urlencoded"


@csrf_exempt
def echo(request: HttpRequest, what: str) -> HttpResponse:
    return JsonResponse({"post": request.POST.dict(), "files": {name: f.size for name, f in request.FILES.items()}})


@csrf_exempt
def body(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"body": request.read().decode()})


urlpatterns = [path("echo/<str:what>/", echo), path("body/", body), path("", include("barnet.urls"))]
handler400 = "barnet.kit.views.bad_request"
handler404 = "barnet.kit.views.not_found"
handler500 = "barnet.kit.views.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def _is_clear_400(answer: HttpResponse) -> bool:
    return answer.status_code == 400 and "We could not read your request" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/echo/%00/",
        "/echo/%FF%FE/",
        "/nowhere/%00",
        "/nowhere/%C3%28/",
        "/echo/a/?q=%00",
        "/echo/a/?q=%FF",
        "/?%00=a",
    ],
)
def test_address_with_unreadable_characters_is_a_clear_400(client, address):
    assert _is_clear_400(client.get(address))


@pytest.mark.parametrize("address", ["/echo/caf%C3%A9/?q=%E2%82%AC", "/echo/100%25/?q=50%25+off", "/echo/%EF%BF%BD/"])
def test_address_with_any_text_is_served(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("cookie", ['sessionid="abcdefgh\\000ijkl"', 'csrftoken="\\000"', 'other="\\000"'])
def test_cookie_with_a_null_byte_is_a_clear_400(client, cookie):
    assert _is_clear_400(client.get("/account/", HTTP_COOKIE=cookie))


@pytest.mark.parametrize("form", [b"a=%00", b"a=%FF", b"%00=a", b"a=\xff", b"a=%C3%28", b"a=%EF%BF%BD&b=%FF"])
def test_form_with_unreadable_characters_is_a_clear_400(client, form):
    assert _is_clear_400(client.post("/echo/a/", form, content_type=FORM))


@pytest.mark.parametrize("typed", [b"bad \xff", b"null \x00"])
def test_form_with_files_and_unreadable_characters_is_a_clear_400(client, typed):
    sent = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + typed + b"\r\n--X--\r\n"
    assert _is_clear_400(client.post("/echo/a/", sent, content_type="multipart/form-data; boundary=X"))


def test_form_in_which_somebody_pasted_the_sign_for_broken_text_is_served(client):
    answer = client.post("/echo/a/", "a=%EF%BF%BD and more", content_type=FORM)
    assert answer.json()["post"]["a"].startswith("\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"nonsense", "multipart/form-data"),
        (b"a=b", f"{FORM}; charset=utf-16"),
        ("&".join(f"a{n}=1" for n in range(1_001)).encode(), FORM),
    ],
)
def test_form_that_cannot_be_taken_apart_is_a_clear_400(client, content, content_type):
    assert _is_clear_400(client.post("/echo/a/", content, content_type=content_type))


def test_form_above_the_limit_is_a_clear_413(client, settings):
    answer = client.post("/echo/a/", b"a=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE, content_type=FORM)
    assert answer.status_code == 413
    assert "What you sent is too large" in answer.content.decode()


def test_large_file_arrives_whole(client, settings):
    photo = SimpleUploadedFile("photo.jpg", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert client.post("/echo/a/", {"photo": photo}).json()["files"] == {"photo": photo.size}


def test_body_of_another_kind_is_left_for_the_view(client):
    sent = json.dumps({"a": "\x00"})
    assert client.post("/body/", sent, content_type="application/json").json() == {"body": sent}
    assert client.post("/body/", b"raw", content_type="application/octet-stream").json() == {"body": "raw"}


def test_answer_to_unreadable_input_is_as_well_protected_as_any(client):
    answer = client.get("/echo/%00/")
    assert "nonce-" in answer["Content-Security-Policy"]
    assert answer["X-Request-ID"]


def test_person_at_an_address_that_only_takes_a_form_reads_what_to_do(client):
    answer = client.get("/account/acting-for/stop/", HTTP_ACCEPT="text/html")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "This address only takes what a form sends" in answer.content.decode()
    assert client.get("/account/acting-for/stop/", HTTP_ACCEPT="application/json").content == b""

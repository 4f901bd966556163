"""Files in a real S3 server on this machine: written, read through the door, kept from strangers, never linked."""

import json
import os
import subprocess
import sys
import uuid

import boto3
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.urls import reverse
from moto.server import ThreadedMotoServer

from barnet.customers.actors import Actor
from barnet.kit.storage_settings import s3_storages
from barnet.operations.backups import files
from portal.cases.models import Attachment
from portal.cases.services import receive_case
from tests import factories
from tests.people import PortalClient

KEYS = {"access_key": "testing", "secret_key": "testing", "region_name": "eu-west-2"}


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint, settings, monkeypatch) -> str:
    """The portal with its files in a bucket of this test."""
    name = f"portal-{uuid.uuid4().hex[:8]}"
    settings.S3_BUCKET = name
    settings.STORAGES = {**settings.STORAGES, **s3_storages(bucket=name, endpoint_url=endpoint, **KEYS)}
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", storages["private"])
    call_command("ensure_bucket")
    return name


def keys_in(endpoint: str, bucket: str) -> set[str]:
    client = boto3.client("s3", endpoint_url=endpoint, aws_access_key_id="testing", aws_secret_access_key="testing")
    return {entry["Key"] for entry in client.list_objects_v2(Bucket=bucket).get("Contents", [])}


@pytest.fixture
def photo(bucket, asha) -> Attachment:
    home = factories.AddressFactory()
    case = receive_case(
        factories.ServiceFactory(),
        actor=Actor.online(asha.user, asha),
        submission_key="s3",
        title="Missed bin",
        details=[],
        customer=asha,
        address=home,
        location=home.location,
    ).case
    photo = Attachment(case=case, name="bin.jpg", content_type="image/jpeg", size=5, sha256="0" * 64)
    photo.file.save("bin.jpg", ContentFile(b"photo"))
    photo.save()
    return photo


@pytest.mark.django_db
def test_owner_reads_her_photo_through_the_door_and_a_stranger_does_not(endpoint, bucket, photo, asha, cara):
    assert {key.split("/")[0] for key in keys_in(endpoint, bucket)} == {"private"}
    address = reverse("case_photo", args=[photo.pk])
    browsers = {customer: PortalClient() for customer in (asha, cara)}
    for customer, browser in browsers.items():
        browser.force_login(customer.user)
    answer = browsers[asha].get(address)
    assert answer.status_code == 200  # the bytes themselves: no way to the bucket
    assert b"".join(answer) == b"photo"
    assert not [value for value in answer.headers.values() if endpoint in value or "Signature" in value]
    assert browsers[cara].get(address).status_code == 404
    page = browsers[asha].get(f"/account/requests/{photo.case.reference}/").content.decode()
    assert address in page
    assert endpoint not in page
    assert "X-Amz" not in page


@pytest.mark.django_db
def test_private_files_have_no_address_and_pictures_one_of_the_portal(bucket, client):
    with pytest.raises(ValueError, match="not accessible"):
        storages["private"].url("cases/x.jpg")
    name = storages["default"].save("images/a picture.png", ContentFile(b"pixels"))
    assert storages["default"].url(name) == "/media/images/a%20picture.png"
    answer = client.get(storages["default"].url(name))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert b"".join(answer) == b"pixels"
    for path in ("images/", "images", "nothing.png", "../private/x", "%00", "x" * 2000):
        assert client.get(f"/media/{path}").status_code in {301, 400, 404}, path


@pytest.mark.django_db
def test_pictures_come_from_a_folder_in_the_same_way(client, settings):
    storages["default"].save("images/b.png", ContentFile(b"pixels"))
    assert b"".join(client.get("/media/images/b.png")) == b"pixels"
    for path in ("images/", "images", "nothing.png", "../private/x", "..%2f..%2fetc%2fpasswd"):
        assert client.get(f"/media/{path}").status_code in {301, 400, 404}, path


@pytest.mark.django_db
def test_bucket_is_made_once_and_backup_takes_what_is_in_it(bucket, photo, tmp_path, capsys):
    call_command("ensure_bucket")
    assert "is there" in capsys.readouterr().out
    with (tmp_path / "private.tar").open("wb") as target:
        packed = files.pack(storages["private"], target)
    with (tmp_path / "private.tar").open("rb") as source:
        assert files.unpack(source, tmp_path / "out") == packed
    assert (tmp_path / "out" / photo.file.name).read_bytes() == b"photo"


def test_settings_take_the_bucket_from_the_environment(endpoint):
    program = (
        "import django, json; django.setup()\n"
        "from django.core.files.storage import storages\n"
        "print(json.dumps([type(storages[a]).__name__ + ' ' + storages[a].location for a in ('default', 'private')]))"
    )
    environment = {
        "S3_BUCKET": "x",
        "S3_ENDPOINT_URL": endpoint,
        "S3_ACCESS_KEY_ID": "testing",
        "S3_SECRET_ACCESS_KEY": "testing",
        "DJANGO_SETTINGS_MODULE": "barnet.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True, capture_output=True, text=True, cwd=settings.BASE_DIR, env=os.environ | environment,
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1]) == ["MediaS3Storage media", "PrivateS3Storage private"]

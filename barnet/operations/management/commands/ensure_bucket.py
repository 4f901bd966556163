"""`manage.py ensure_bucket`: the bucket for files, made when it is missing, and tried."""

import argparse
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError, CommandParser

from barnet.kit.health_checks import check_storage

_HELP = """\
Makes the private bucket S3_BUCKET when it is missing, and checks that files can be written and deleted.

  manage.py ensure_bucket
"""


class Command(BaseCommand):
    help = _HELP
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.S3_BUCKET:
            raise CommandError("Set S3_BUCKET: without it files are kept in MEDIA_ROOT and PRIVATE_ROOT.")
        client = storages["private"].connection.meta.client  # type: ignore[attr-defined]
        try:
            said = self._ensure(client)
            check_storage()
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"The storage refused: {error}") from error
        self.stdout.write(said)

    def _ensure(self, client: Any) -> str:
        try:
            client.head_bucket(Bucket=settings.S3_BUCKET)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
                raise
            region = client.meta.region_name
            where = {} if region in {None, "us-east-1"} else {"LocationConstraint": region}
            client.create_bucket(Bucket=settings.S3_BUCKET, **({"CreateBucketConfiguration": where} if where else {}))
            return f"The bucket {settings.S3_BUCKET} was made, and can be written."
        return f"The bucket {settings.S3_BUCKET} is there, and can be written."

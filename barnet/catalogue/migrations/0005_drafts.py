"""Services have drafts. `live` takes over what `is_live` said; its column stays, with a default, for the version before
this one. The other defaults are there for the same reason: that version writes services without these columns."""

import django.db.models.deletion
from django.db import migrations, models

_DEFAULTS = """
UPDATE catalogue_service SET live = is_live WHERE live <> is_live;
ALTER TABLE catalogue_service
    ALTER COLUMN live SET DEFAULT true,
    ALTER COLUMN expired SET DEFAULT false,
    ALTER COLUMN has_unpublished_changes SET DEFAULT false;
"""


def _revision(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        verbose_name=name,
        blank=True,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to="wagtailcore.revision",
    )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_categories_from_text"), ("wagtailcore", "0094_alter_page_locale")]

    operations = [
        migrations.AddField(
            "service", "live", models.BooleanField(default=True, editable=False, verbose_name="live")
        ),
        migrations.AddField(
            "service", "expired", models.BooleanField(default=False, editable=False, verbose_name="expired")
        ),
        migrations.AddField(
            "service",
            "has_unpublished_changes",
            models.BooleanField(default=False, editable=False, verbose_name="has unpublished changes"),
        ),
        migrations.AddField(
            "service",
            "first_published_at",
            models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="first published at"),
        ),
        migrations.AddField(
            "service",
            "last_published_at",
            models.DateTimeField(editable=False, null=True, verbose_name="last published at"),
        ),
        migrations.AddField(
            "service", "go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="go live date/time")
        ),
        migrations.AddField(
            "service", "expire_at", models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time")
        ),
        migrations.AddField("service", "latest_revision", _revision("latest revision")),
        migrations.AddField("service", "live_revision", _revision("live revision")),
        migrations.RunSQL(_DEFAULTS, "UPDATE catalogue_service SET is_live = live"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE catalogue_service ALTER COLUMN is_live SET DEFAULT true",
                    "ALTER TABLE catalogue_service ALTER COLUMN is_live DROP DEFAULT",
                )
            ],
            state_operations=[migrations.RemoveField("service", "is_live")],
        ),
    ]

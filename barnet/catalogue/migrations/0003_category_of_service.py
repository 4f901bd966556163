"""The category becomes a row of its own. The text stays in its column, with a default, so that the version before this
one still reads and writes services while both run; a later release drops the column."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_category")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE catalogue_service ALTER COLUMN category SET DEFAULT ''",
                    "ALTER TABLE catalogue_service ALTER COLUMN category DROP DEFAULT",
                )
            ],
            state_operations=[migrations.RemoveField("service", "category")],
        ),
        migrations.AddField(
            "service",
            "category",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="services",
                to="catalogue.category",
            ),
        ),
        migrations.AddIndex("service", models.Index(fields=["category", "name"], name="service_category")),
    ]

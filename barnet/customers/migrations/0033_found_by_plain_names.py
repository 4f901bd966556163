"""People are found without their accents, and by a part of their number."""

import django.contrib.postgres.indexes
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations, models

PLAIN_NAME = r"""
CREATE FUNCTION plain_name(text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN regexp_replace(
        translate(upper(public.unaccent('public.unaccent'::regdictionary, $1)), '-''`´', ' '), '\m([OD]) ', '\1', 'g'
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0032_visits_end_once"),
    ]

    operations = [
        UnaccentExtension(),
        migrations.RunSQL(PLAIN_NAME, "DROP FUNCTION plain_name(text)"),
        migrations.AddField(
            model_name="customer",
            name="plain_name",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("name"), function="plain_name"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("plain_name", "gin_trgm_ops"),
                name="customer_plain_name",
            ),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("value", "gin_trgm_ops"),
                condition=models.Q(("kind__in", ["mobile", "landline"])),
                name="contact_point_number",
            ),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="customer",
            name="update_update",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."address_id" IS DISTINCT FROM (NEW."address_id") OR OLD."address_text" IS DISTINCT FROM (NEW."address_text") OR OLD."born_on" IS DISTINCT FROM (NEW."born_on") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."died_on" IS DISTINCT FROM (NEW."died_on") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."submission_key" IS DISTINCT FROM (NEW."submission_key") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))',
                    func='INSERT INTO "customers_customerevent" ("address_id", "address_text", "born_on", "created_at", "died_on", "email", "id", "kind", "language", "merged_into_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "submission_key", "user_id") VALUES (NEW."address_id", NEW."address_text", NEW."born_on", NEW."created_at", NEW."died_on", NEW."email", NEW."id", NEW."kind", NEW."language", NEW."merged_into_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."submission_key", NEW."user_id"); RETURN NULL;',
                    hash="50f81a667fffcc9af7522c35780c7b3ab0c6202c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ca86d",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
    ]

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
        ('customers', '0005_fill_contact_points'),
        ('gazetteer', '0002_names_changes_and_records'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='customer',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='customer',
            name='update_update',
        ),
        migrations.AddField(
            model_name='customer',
            name='born_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='died_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='customerevent',
            name='born_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='customerevent',
            name='died_on',
            field=models.DateField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "customers_customerevent" ("address_id", "address_text", "born_on", "created_at", "died_on", "email", "id", "kind", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "submission_key", "user_id") VALUES (NEW."address_id", NEW."address_text", NEW."born_on", NEW."created_at", NEW."died_on", NEW."email", NEW."id", NEW."kind", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."submission_key", NEW."user_id"); RETURN NULL;', hash='d8e59f2ea2dc47751eef8810c72249e44df4919e', operation='INSERT', pgid='pgtrigger_insert_insert_a36e0', table='customers_customer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "customers_customerevent" ("address_id", "address_text", "born_on", "created_at", "died_on", "email", "id", "kind", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "submission_key", "user_id") VALUES (NEW."address_id", NEW."address_text", NEW."born_on", NEW."created_at", NEW."died_on", NEW."email", NEW."id", NEW."kind", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."submission_key", NEW."user_id"); RETURN NULL;', hash='e5b33b31cbb6994508e3dd93cc74adc5d6e876e1', operation='UPDATE', pgid='pgtrigger_update_update_ca86d', table='customers_customer', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'person'), models.Q(('born_on', None), ('died_on', None), ('user', None)), _connector='OR'), name='customer_business_is_no_person'),
        ),
    ]

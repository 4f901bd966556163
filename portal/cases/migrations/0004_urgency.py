import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_figures'),
        ('catalogue', '0007_fees_and_ways'),
        ('customers', '0020_readings_by_keys'),
        ('gazetteer', '0005_reported_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='update_update',
        ),
        migrations.AddField(
            model_name='case',
            name='urgency',
            field=models.CharField(choices=[('urgent', 'Urgent'), ('high', 'High'), ('normal', 'Normal')], db_default='normal', default='normal', max_length=8),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='urgency',
            field=models.CharField(choices=[('urgent', 'Urgent'), ('high', 'High'), ('normal', 'Normal')], db_default='normal', default='normal', max_length=8),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['urgency', 'state', 'promise_on'], name='case_urgency'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_caseevent" ("address_id", "address_text", "assignee_id", "channel", "contact_email", "contact_name", "contact_phone", "customer_id", "details", "escalated_at", "escalation_due_on", "id", "location", "opened_at", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise_on", "public_reason", "reference", "reopened_count", "resolved_at", "same_as_key", "service_id", "state", "submission_key", "team_id", "title", "urgency", "version", "ward_id") VALUES (NEW."address_id", NEW."address_text", NEW."assignee_id", NEW."channel", NEW."contact_email", NEW."contact_name", NEW."contact_phone", NEW."customer_id", NEW."details", NEW."escalated_at", NEW."escalation_due_on", NEW."id", NEW."location", NEW."opened_at", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."promise_on", NEW."public_reason", NEW."reference", NEW."reopened_count", NEW."resolved_at", NEW."same_as_key", NEW."service_id", NEW."state", NEW."submission_key", NEW."team_id", NEW."title", NEW."urgency", NEW."version", NEW."ward_id"); RETURN NULL;', hash='e6620f435003b410975d973f395bc528cd35fb8b', operation='INSERT', pgid='pgtrigger_insert_insert_0b483', table='cases_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_caseevent" ("address_id", "address_text", "assignee_id", "channel", "contact_email", "contact_name", "contact_phone", "customer_id", "details", "escalated_at", "escalation_due_on", "id", "location", "opened_at", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise_on", "public_reason", "reference", "reopened_count", "resolved_at", "same_as_key", "service_id", "state", "submission_key", "team_id", "title", "urgency", "version", "ward_id") VALUES (NEW."address_id", NEW."address_text", NEW."assignee_id", NEW."channel", NEW."contact_email", NEW."contact_name", NEW."contact_phone", NEW."customer_id", NEW."details", NEW."escalated_at", NEW."escalation_due_on", NEW."id", NEW."location", NEW."opened_at", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."promise_on", NEW."public_reason", NEW."reference", NEW."reopened_count", NEW."resolved_at", NEW."same_as_key", NEW."service_id", NEW."state", NEW."submission_key", NEW."team_id", NEW."title", NEW."urgency", NEW."version", NEW."ward_id"); RETURN NULL;', hash='1777cdb0fe63ac5268561a6319843bae3c20280b', operation='UPDATE', pgid='pgtrigger_update_update_f5146', table='cases_case', when='AFTER')),
        ),
    ]

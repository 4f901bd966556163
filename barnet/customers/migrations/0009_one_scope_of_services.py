import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0008_copy_scope_of_authorities'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('principal', 'delegate', 'kind'), name='delegation_one_of_a_kind'),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='delegation',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='delegation',
            name='update_update',
        ),
        migrations.RemoveField(
            model_name='delegation',
            name='service',
        ),
        migrations.RemoveField(
            model_name='delegationevent',
            name='service',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "customers_delegationevent" ("covers_everything", "created_at", "delegate_id", "end_reason", "ended_by", "ends_on", "evidence", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "principal_id", "reason", "recorded_by_id", "revoked_at", "revoked_by_id", "role", "starts_on") VALUES (NEW."covers_everything", NEW."created_at", NEW."delegate_id", NEW."end_reason", NEW."ended_by", NEW."ends_on", NEW."evidence", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."principal_id", NEW."reason", NEW."recorded_by_id", NEW."revoked_at", NEW."revoked_by_id", NEW."role", NEW."starts_on"); RETURN NULL;', hash='4386a73fcb8960bc39ffc5b5974982de490ca3d8', operation='INSERT', pgid='pgtrigger_insert_insert_14ebc', table='customers_delegation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "customers_delegationevent" ("covers_everything", "created_at", "delegate_id", "end_reason", "ended_by", "ends_on", "evidence", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "principal_id", "reason", "recorded_by_id", "revoked_at", "revoked_by_id", "role", "starts_on") VALUES (NEW."covers_everything", NEW."created_at", NEW."delegate_id", NEW."end_reason", NEW."ended_by", NEW."ends_on", NEW."evidence", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."principal_id", NEW."reason", NEW."recorded_by_id", NEW."revoked_at", NEW."revoked_by_id", NEW."role", NEW."starts_on"); RETURN NULL;', hash='d01fcfaaea2e548137504aa2c1516f3c686e5cda', operation='UPDATE', pgid='pgtrigger_update_update_fcfa9', table='customers_delegation', when='AFTER')),
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
        ('customers', '0006_born_and_died'),
        ('gazetteer', '0002_names_changes_and_records'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='CoveredService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='CoveredServiceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='delegation',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='delegation',
            name='update_update',
        ),
        migrations.RemoveConstraint(
            model_name='delegation',
            name='delegation_unique',
        ),
        migrations.AddField(
            model_name='delegation',
            name='covers_everything',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='delegation',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='delegation',
            name='end_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='delegation',
            name='ended_by',
            field=models.CharField(blank=True, choices=[('principal', 'The person who gave it'), ('delegate', 'The person who held it'), ('staff', 'A member of staff'), ('system', 'Automatically')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='delegation',
            name='kind',
            field=models.CharField(choices=[('invited', 'Given by the person'), ('recorded', 'Recorded by staff'), ('parent', 'Parent or guardian of a child'), ('attorney', 'Power of attorney'), ('appointee', 'Appointee for benefits'), ('executor', 'Executor, after a death'), ('business', 'Role in a business')], db_default='recorded', default='recorded', max_length=10),
        ),
        migrations.AddField(
            model_name='delegation',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='delegation',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='role',
            field=models.CharField(blank=True, choices=[('owner', 'Owner'), ('manager', 'Manager'), ('may_pay', 'May read and pay'), ('may_read', 'May read')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='covers_everything',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='end_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='ended_by',
            field=models.CharField(blank=True, choices=[('principal', 'The person who gave it'), ('delegate', 'The person who held it'), ('staff', 'A member of staff'), ('system', 'Automatically')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='kind',
            field=models.CharField(choices=[('invited', 'Given by the person'), ('recorded', 'Recorded by staff'), ('parent', 'Parent or guardian of a child'), ('attorney', 'Power of attorney'), ('appointee', 'Appointee for benefits'), ('executor', 'Executor, after a death'), ('business', 'Role in a business')], db_default='recorded', default='recorded', max_length=10),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='recorded_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='revoked_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='role',
            field=models.CharField(blank=True, choices=[('owner', 'Owner'), ('manager', 'Manager'), ('may_pay', 'May read and pay'), ('may_read', 'May read')], db_default='', default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='delegation',
            name='evidence',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name='delegationevent',
            name='evidence',
            field=models.CharField(blank=True, max_length=500),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "customers_delegationevent" ("covers_everything", "created_at", "delegate_id", "end_reason", "ended_by", "ends_on", "evidence", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "principal_id", "reason", "recorded_by_id", "revoked_at", "revoked_by_id", "role", "service_id", "starts_on") VALUES (NEW."covers_everything", NEW."created_at", NEW."delegate_id", NEW."end_reason", NEW."ended_by", NEW."ends_on", NEW."evidence", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."principal_id", NEW."reason", NEW."recorded_by_id", NEW."revoked_at", NEW."revoked_by_id", NEW."role", NEW."service_id", NEW."starts_on"); RETURN NULL;', hash='b64c034cf3a1bacd3ae1dd1a59cd827e80ce84e7', operation='INSERT', pgid='pgtrigger_insert_insert_14ebc', table='customers_delegation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "customers_delegationevent" ("covers_everything", "created_at", "delegate_id", "end_reason", "ended_by", "ends_on", "evidence", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "principal_id", "reason", "recorded_by_id", "revoked_at", "revoked_by_id", "role", "service_id", "starts_on") VALUES (NEW."covers_everything", NEW."created_at", NEW."delegate_id", NEW."end_reason", NEW."ended_by", NEW."ends_on", NEW."evidence", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."principal_id", NEW."reason", NEW."recorded_by_id", NEW."revoked_at", NEW."revoked_by_id", NEW."role", NEW."service_id", NEW."starts_on"); RETURN NULL;', hash='e576621a8bd3cc25b66d1752f94e448d30637a9c', operation='UPDATE', pgid='pgtrigger_update_update_fcfa9', table='customers_delegation', when='AFTER')),
        ),
        migrations.AddField(
            model_name='coveredservice',
            name='delegation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='covered', to='customers.delegation'),
        ),
        migrations.AddField(
            model_name='coveredservice',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.service'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='services',
            field=models.ManyToManyField(related_name='+', through='customers.CoveredService', to='catalogue.service'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'business'), models.Q(('role', ''), _negated=True)), models.Q(models.Q(('kind', 'business'), _negated=True), ('role', '')), _connector='OR'), name='delegation_role_only_in_business'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'parent'), _negated=True), ('ends_on__isnull', False), _connector='OR'), name='delegation_of_parent_ends'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'owner'), _negated=True), ('ends_on', None), _connector='OR'), name='delegation_of_owner_has_no_end'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['invited', 'business']), models.Q(('evidence', ''), _negated=True), _connector='OR'), name='delegation_on_evidence'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by', 'staff'), _negated=True), models.Q(('end_reason', ''), _negated=True), _connector='OR'), name='delegation_staff_end_with_reason'),
        ),
        migrations.AddField(
            model_name='coveredserviceevent',
            name='delegation',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='customers.delegation'),
        ),
        migrations.AddField(
            model_name='coveredserviceevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='coveredserviceevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='customers.coveredservice'),
        ),
        migrations.AddField(
            model_name='coveredserviceevent',
            name='service',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalogue.service'),
        ),
        migrations.AddConstraint(
            model_name='coveredservice',
            constraint=models.UniqueConstraint(fields=('delegation', 'service'), name='covered_service_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='coveredservice',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "customers_coveredserviceevent" ("delegation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id") VALUES (NEW."delegation_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."service_id"); RETURN NULL;', hash='cdacb475c7270b9af2128b71a95bbf0a638e6588', operation='INSERT', pgid='pgtrigger_insert_insert_a9fc3', table='customers_coveredservice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='coveredservice',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "customers_coveredserviceevent" ("delegation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_id") VALUES (NEW."delegation_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."service_id"); RETURN NULL;', hash='d2e4829abff42623e7b0897dfe88fd7e615d3335', operation='UPDATE', pgid='pgtrigger_update_update_aeff5', table='customers_coveredservice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='coveredserviceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2deeaf44847c85789e26cfa58a30eb4f9a25dee9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e7dd2', table='customers_coveredserviceevent', when='BEFORE')),
        ),
    ]

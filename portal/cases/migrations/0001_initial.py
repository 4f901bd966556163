from django.conf import settings
from django.db import migrations, models
import barnet.kit.references
import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import portal.cases.models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        ('customers', '0001_initial'),
        ('gazetteer', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(max_length=200, storage=portal.cases.models.private_storage, upload_to='cases/%Y/%m/')),
                ('name', models.CharField(max_length=150)),
                ('content_type', models.CharField(max_length=40)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_public', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['added_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=barnet.kit.references.new_reference, editable=False, max_length=13, unique=True)),
                ('submission_key', models.CharField(editable=False, max_length=64, unique=True)),
                ('same_as_key', models.CharField(blank=True, editable=False, max_length=100)),
                ('title', models.CharField(max_length=120)),
                ('details', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('received', 'Received'), ('assigned', 'In progress'), ('waiting', 'We need an answer'), ('resolved', 'Resolved'), ('withdrawn', 'Withdrawn')], default='received', max_length=12)),
                ('channel', models.CharField(choices=[('web', 'Website'), ('phone', 'Telephone'), ('face_to_face', 'Face to face'), ('email', 'E-mail'), ('post', 'Post'), ('social', 'Social media'), ('chat', 'Web chat'), ('system', 'Automatic')], max_length=12)),
                ('contact_name', models.CharField(blank=True, max_length=150)),
                ('contact_email', models.EmailField(blank=True, max_length=254)),
                ('contact_phone', models.CharField(blank=True, max_length=30)),
                ('address_text', models.CharField(blank=True, max_length=300)),
                ('location', django.contrib.gis.db.models.fields.PointField(blank=True, null=True, srid=27700)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('promise_on', models.DateField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=40)),
                ('public_reason', models.TextField(blank=True, max_length=1000)),
                ('reopened_count', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-opened_at'],
                'permissions': [('work_case', 'Can work on cases'), ('assign_case', 'Can give cases to teams and people, one or many'), ('export_case', 'Can export lists of cases')],
            },
        ),
        migrations.CreateModel(
            name='CaseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(default=barnet.kit.references.new_reference, editable=False, max_length=13)),
                ('submission_key', models.CharField(editable=False, max_length=64)),
                ('same_as_key', models.CharField(blank=True, editable=False, max_length=100)),
                ('title', models.CharField(max_length=120)),
                ('details', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('received', 'Received'), ('assigned', 'In progress'), ('waiting', 'We need an answer'), ('resolved', 'Resolved'), ('withdrawn', 'Withdrawn')], default='received', max_length=12)),
                ('channel', models.CharField(choices=[('web', 'Website'), ('phone', 'Telephone'), ('face_to_face', 'Face to face'), ('email', 'E-mail'), ('post', 'Post'), ('social', 'Social media'), ('chat', 'Web chat'), ('system', 'Automatic')], max_length=12)),
                ('contact_name', models.CharField(blank=True, max_length=150)),
                ('contact_email', models.EmailField(blank=True, max_length=254)),
                ('contact_phone', models.CharField(blank=True, max_length=30)),
                ('address_text', models.CharField(blank=True, max_length=300)),
                ('location', django.contrib.gis.db.models.fields.PointField(blank=True, null=True, srid=27700)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('promise_on', models.DateField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=40)),
                ('public_reason', models.TextField(blank=True, max_length=1000)),
                ('reopened_count', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('channel', models.CharField(choices=[('web', 'Website'), ('phone', 'Telephone'), ('face_to_face', 'Face to face'), ('email', 'E-mail'), ('post', 'Post'), ('social', 'Social media'), ('chat', 'Web chat'), ('system', 'Automatic')], max_length=12)),
                ('right', models.CharField(choices=[('self', 'For themselves'), ('delegate', "With the customer's authority"), ('staff', 'As a member of staff'), ('system', 'Automatically')], max_length=10)),
                ('summary', models.CharField(max_length=300)),
                ('submission_key', models.CharField(blank=True, editable=False, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('title', models.CharField(max_length=120)),
                ('place', models.CharField(blank=True, max_length=300)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['from_on'],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('office', 'Office team'), ('crew', 'Crew')], default='office', max_length=10)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='TimelineEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kind', models.CharField(choices=[('received', 'Request received'), ('assigned', 'Given to a team'), ('asked', 'Question to you'), ('answered', 'Your answer'), ('resumed', 'Work goes on'), ('resolved', 'Resolved'), ('reopened', 'Opened again'), ('withdrawn', 'Withdrawn'), ('note', 'Note by staff'), ('photo', 'Photo added'), ('joined', 'Somebody else reported the same')], max_length=12)),
                ('state', models.CharField(choices=[('received', 'Received'), ('assigned', 'In progress'), ('waiting', 'We need an answer'), ('resolved', 'Resolved'), ('withdrawn', 'Withdrawn')], max_length=12)),
                ('public_text', models.TextField(blank=True)),
                ('internal_text', models.TextField(blank=True)),
                ('right', models.CharField(choices=[('self', 'For themselves'), ('delegate', "With the customer's authority"), ('staff', 'As a member of staff'), ('system', 'Automatically')], max_length=10)),
                ('channel', models.CharField(choices=[('web', 'Website'), ('phone', 'Telephone'), ('face_to_face', 'Face to face'), ('email', 'E-mail'), ('post', 'Post'), ('social', 'Social media'), ('chat', 'Web chat'), ('system', 'Automatic')], max_length=12)),
                ('request_id', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'verbose_name_plural': 'timeline entries',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='address',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gazetteer.address'),
        ),
        migrations.AddField(
            model_name='case',
            name='assignee',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='customer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='case',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.service'),
        ),
        migrations.AddField(
            model_name='case',
            name='ward',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gazetteer.area'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='cases.case'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='address',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='gazetteer.address'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='assignee',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='customer',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.case'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='service',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalogue.service'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='ward',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='gazetteer.area'),
        ),
        migrations.AddField(
            model_name='contact',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contact',
            name='case',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='contact',
            name='service',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.service'),
        ),
        migrations.AddField(
            model_name='contact',
            name='subject',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='follower',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='cases.case'),
        ),
        migrations.AddField(
            model_name='follower',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='pause',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='cases.case'),
        ),
        migrations.AddField(
            model_name='team',
            name='members',
            field=models.ManyToManyField(blank=True, related_name='teams', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='team',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.team'),
        ),
        migrations.AddField(
            model_name='case',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.team'),
        ),
        migrations.AddField(
            model_name='timelineentry',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='timelineentry',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timeline', to='cases.case'),
        ),
        migrations.AddField(
            model_name='timelineentry',
            name='subject',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('case', 'sha256'), name='attachment_once'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['subject', '-at'], name='contact_subject'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['case', '-at'], name='contact_case'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('submission_key', ''), _negated=True), fields=('submission_key',), name='contact_once_per_submission'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c5ef3517a5d2b18a40f2ff797dbf8ed776aee250', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_18a9c', table='cases_contact', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='follower',
            constraint=models.UniqueConstraint(fields=('case', 'customer', 'email'), name='follower_once_per_case', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(condition=models.Q(('until_on', None)), fields=('case',), name='pause_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='pause_ends_after_it_begins'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='65b17c5dc231aae95e4a5d286bcd92a634f3ebd3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_320b9', table='cases_caseevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['state', 'promise_on', 'id'], name='case_queue'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['team', 'state', 'promise_on'], name='case_team'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['assignee', 'state', 'promise_on'], name='case_assignee'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['service', 'state', 'promise_on'], name='case_service'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['ward', 'state', 'promise_on'], name='case_ward'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['channel', 'state', 'promise_on'], name='case_channel'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['customer', '-opened_at'], name='case_customer'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['address', '-opened_at'], name='case_address'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(django.db.models.functions.text.Lower('contact_email'), models.OrderBy(models.F('opened_at'), descending=True), name='case_contact_email'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-opened_at', '-id'], name='case_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('contact_name'), name='gin_trgm_ops'), name='case_find_name'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('contact_email'), name='gin_trgm_ops'), name='case_find_email'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('address_text'), name='gin_trgm_ops'), name='case_find_place'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['received', 'assigned', 'waiting']), models.Q(('same_as_key', ''), _negated=True)), fields=('same_as_key',), name='case_one_open_report'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'resolved'), _negated=True), models.Q(models.Q(('outcome', ''), _negated=True), models.Q(('public_reason', ''), _negated=True)), _connector='OR'), name='case_resolved_with_outcome_and_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_caseevent" ("address_id", "address_text", "assignee_id", "channel", "contact_email", "contact_name", "contact_phone", "customer_id", "details", "id", "location", "opened_at", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise_on", "public_reason", "reference", "reopened_count", "resolved_at", "same_as_key", "service_id", "state", "submission_key", "team_id", "title", "version", "ward_id") VALUES (NEW."address_id", NEW."address_text", NEW."assignee_id", NEW."channel", NEW."contact_email", NEW."contact_name", NEW."contact_phone", NEW."customer_id", NEW."details", NEW."id", NEW."location", NEW."opened_at", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."promise_on", NEW."public_reason", NEW."reference", NEW."reopened_count", NEW."resolved_at", NEW."same_as_key", NEW."service_id", NEW."state", NEW."submission_key", NEW."team_id", NEW."title", NEW."version", NEW."ward_id"); RETURN NULL;', hash='ddd498019eb168c50ea613452a4ed3e67f93f1e0', operation='INSERT', pgid='pgtrigger_insert_insert_0b483', table='cases_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_caseevent" ("address_id", "address_text", "assignee_id", "channel", "contact_email", "contact_name", "contact_phone", "customer_id", "details", "id", "location", "opened_at", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise_on", "public_reason", "reference", "reopened_count", "resolved_at", "same_as_key", "service_id", "state", "submission_key", "team_id", "title", "version", "ward_id") VALUES (NEW."address_id", NEW."address_text", NEW."assignee_id", NEW."channel", NEW."contact_email", NEW."contact_name", NEW."contact_phone", NEW."customer_id", NEW."details", NEW."id", NEW."location", NEW."opened_at", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."promise_on", NEW."public_reason", NEW."reference", NEW."reopened_count", NEW."resolved_at", NEW."same_as_key", NEW."service_id", NEW."state", NEW."submission_key", NEW."team_id", NEW."title", NEW."version", NEW."ward_id"); RETURN NULL;', hash='4afbc6b594587b5314a0ffa767300f492e3226e3', operation='UPDATE', pgid='pgtrigger_update_update_f5146', table='cases_case', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='timelineentry',
            index=models.Index(fields=['case', 'at', 'id'], name='timeline_case'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='timelineentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f0c75e0a2870aeb4d5c6708873ed425d83d56df0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_23a71', table='cases_timelineentry', when='BEFORE')),
        ),
    ]

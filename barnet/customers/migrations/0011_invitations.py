import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
        ('customers', '0010_evidence_documents'),
        ('gazetteer', '0002_names_changes_and_records'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('email', 'By e-mail'), ('letter', 'By a code in a letter')], max_length=10)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('code_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('invited_name', models.CharField(blank=True, max_length=150)),
                ('kind', models.CharField(choices=[('invited', 'Given by the person'), ('recorded', 'Recorded by staff'), ('parent', 'Parent or guardian of a child'), ('attorney', 'Power of attorney'), ('appointee', 'Appointee for benefits'), ('executor', 'Executor, after a death'), ('business', 'Role in a business')], default='invited', max_length=10)),
                ('role', models.CharField(blank=True, choices=[('owner', 'Owner'), ('manager', 'Manager'), ('may_pay', 'May read and pay'), ('may_read', 'May read')], max_length=10)),
                ('covers_everything', models.BooleanField(default=False)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'Waiting for an answer'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('cancelled', 'Withdrawn'), ('locked', 'Closed after wrong tries')], default='pending', max_length=10)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('wrong_tries', models.PositiveSmallIntegerField(default=0)),
                ('submission_key', models.CharField(editable=False, max_length=64, unique=True)),
            ],
        ),
        migrations.AddField(
            model_name='invitation',
            name='delegation',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='customers.delegation'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='invited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitation',
            name='principal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='services',
            field=models.ManyToManyField(blank=True, related_name='+', to='catalogue.service'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='settled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['principal', '-created_at'], name='invitation_by_principal'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['email'], name='invitation_open_by_email'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code_digest', ''), ('way', 'email'), models.Q(('email', ''), _negated=True)), models.Q(('email', ''), ('way', 'letter'), models.Q(('code_digest', ''), _negated=True)), _connector='OR'), name='invitation_by_address_or_code'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delegation__isnull', False), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('delegation', None)), _connector='OR'), name='invitation_accepted_is_authority'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('code_digest', ''), _negated=True), fields=('code_digest',), name='invitation_code_unique'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending'), models.Q(('email', ''), _negated=True)), fields=('principal', 'email'), name='invitation_one_open_by_email'),
        ),
    ]

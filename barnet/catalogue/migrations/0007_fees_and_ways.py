import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_facts"), ("gazetteer", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='ContactWay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('phone', 'Telephone'), ('email', 'E-mail'), ('counter', 'In person'), ('post', 'Post')], max_length=10)),
                ('label', models.CharField(max_length=80, verbose_name='whom people reach')),
                ('value', models.CharField(max_length=200, verbose_name='number or address')),
                ('hours_at', models.CharField(blank=True, help_text='The place as it is called among the opening hours. Empty: no hours are shown.', max_length=100, verbose_name='opening hours of')),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Fee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(help_text='Short name of what is paid for. The same in every period, such as garden-240.', max_length=40)),
                ('label', models.CharField(max_length=80, verbose_name='what is paid for')),
                ('concession', models.CharField(choices=[('standard', 'Standard'), ('support', 'With Council Tax Support or Housing Benefit'), ('older', '60 or over'), ('disabled', 'With a Blue Badge or a disability benefit'), ('young', 'Under 18, or a full-time student'), ('community', 'Charity or community group')], default='standard', max_length=12, verbose_name='who pays this')),
                ('amount', models.PositiveIntegerField(verbose_name='amount in pounds')),
                ('vat', models.CharField(choices=[('outside', 'No VAT is charged'), ('included', 'Includes VAT at 20%'), ('exempt', 'Exempt from VAT')], default='outside', max_length=10, verbose_name='VAT')),
                ('from_on', models.DateField(verbose_name='from')),
                ('to_on', models.DateField(blank=True, help_text='The last day. Empty: until further notice.', null=True, verbose_name='to')),
            ],
            options={
                'ordering': ['label', 'code', 'concession', 'from_on'],
            },
        ),
        migrations.CreateModel(
            name='HelpPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('phone', 'Telephone'), ('email', 'E-mail'), ('counter', 'In person'), ('post', 'Post')], max_length=10)),
                ('label', models.CharField(max_length=80, verbose_name='whom people reach')),
                ('value', models.CharField(max_length=200, verbose_name='number or address')),
                ('hours_at', models.CharField(blank=True, help_text='The place as it is called among the opening hours. Empty: no hours are shown.', max_length=100, verbose_name='opening hours of')),
                ('note', models.CharField(blank=True, max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='place in the list')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='contactway',
            name='service',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_ways', to='catalogue.service'),
        ),
        migrations.AddField(
            model_name='fee',
            name='service',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='catalogue.service'),
        ),
        migrations.AddConstraint(
            model_name='helppoint',
            constraint=models.UniqueConstraint(fields=('kind', 'label'), name='help_point_once'),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=models.CheckConstraint(condition=models.Q(('to_on', None), ('to_on__gte', models.F('from_on')), _connector='OR'), name='fee_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=models.CheckConstraint(condition=models.Q(('amount__lte', 100000000)), name='fee_amount_is_sane'),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], expressions=[('service', '='), ('code', '='), ('concession', '='), (models.Func('from_on', 'to_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='fee_one_at_a_time', violation_error_message='Two fees for the same thing and payer overlap.'),
        ),
    ]

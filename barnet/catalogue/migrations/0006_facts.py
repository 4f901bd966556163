from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_drafts")]

    operations = [
        migrations.AlterModelOptions(
            name='service',
            options={'ordering': ['name'], 'permissions': [('publish_service', 'Can publish what somebody else wrote, and take services down')]},
        ),
        migrations.AddField(
            model_name='service',
            name='body',
            field=models.TextField(blank=True, db_default='', help_text='Plain text. An empty line begins a new paragraph.', max_length=4000, verbose_name='what it is'),
        ),
        migrations.AddField(
            model_name='service',
            name='channel_policy',
            field=models.CharField(choices=[('any', 'Online, by telephone or in person'), ('self_service', 'Self-service only, with help')], db_default='any', default='any', help_text='Self-service only: the page leads online, and offers help to do it. Help is never switched off.', max_length=12),
        ),
        migrations.AddField(
            model_name='service',
            name='lgsl',
            field=models.PositiveIntegerField(blank=True, help_text='The number of this service in the Local Government Services List.', null=True, unique=True, verbose_name='LGSL number'),
        ),
        migrations.AddField(
            model_name='service',
            name='review_on',
            field=models.DateField(blank=True, null=True, verbose_name='review by'),
        ),
        migrations.AddField(
            model_name='service',
            name='review_owner',
            field=models.CharField(blank=True, db_default='', help_text='The team or role that checks that all is true.', max_length=100, verbose_name='reviewed by'),
        ),
        migrations.AddField(
            model_name='service',
            name='who_may',
            field=models.TextField(blank=True, db_default='', help_text='Empty: everybody.', max_length=600, verbose_name='who may use it'),
        ),
        migrations.AlterField(
            model_name='service',
            name='search_words',
            field=models.CharField(blank=True, help_text='What people really type when they look for it.', max_length=300),
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(fields=['review_on'], name='service_review'),
        ),
    ]

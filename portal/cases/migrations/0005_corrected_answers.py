from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_urgency'),
    ]

    operations = [
        migrations.AlterField(
            model_name='timelineentry',
            name='kind',
            field=models.CharField(choices=[('received', 'Request received'), ('assigned', 'Given to a team'), ('asked', 'Question to you'), ('answered', 'Your answer'), ('resumed', 'Work goes on'), ('resolved', 'Resolved'), ('reopened', 'Opened again'), ('withdrawn', 'Withdrawn'), ('note', 'Note by staff'), ('photo', 'Photo added'), ('escalated', 'Taken over by the team leader'), ('corrected', 'Answer corrected'), ('joined', 'Somebody else reported the same')], max_length=12),
        ),
    ]

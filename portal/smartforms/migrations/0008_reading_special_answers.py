from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("smartforms", "0007_answers_used_again")]

    operations = [
        migrations.AlterModelOptions(
            name="submission",
            options={
                "ordering": ["-sent_at"],
                "permissions": [("read_special_answer", "Can ask to see special-category answers")],
            },
        ),
    ]

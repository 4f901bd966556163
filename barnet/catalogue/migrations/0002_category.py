from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=60, unique=True)),
                ("summary", models.CharField(blank=True, max_length=200)),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="Smaller numbers come first.", verbose_name="place in the list"
                    ),
                ),
            ],
            options={"verbose_name_plural": "categories", "ordering": ["position", "name"]},
        ),
    ]

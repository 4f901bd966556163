"""What homes may give back. No home is without a refuse bin, so that those stay."""

from django.db import migrations


def may_be_given_back(apps, schema_editor):
    for kind in apps.get_model("waste", "ContainerKind").objects.filter(is_emptied=True).exclude(stream="refuse"):
        if "give_back" not in kind.reasons:
            kind.reasons = [*kind.reasons, "give_back"]
            kind.save(update_fields=["reasons"])


class Migration(migrations.Migration):
    dependencies = [("waste", "0010_container_given_back")]

    operations = [migrations.RunPython(may_be_given_back, migrations.RunPython.noop)]

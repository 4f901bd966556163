from django.db import migrations
from django.utils import timezone


def copy(apps, schema_editor):
    """The service of a row becomes its scope. Of several open rows for the same two people one stays, with the services
    of those that ran between the same days; any other is ended, because a right must not grow by a copy."""
    Delegation = apps.get_model("customers", "Delegation")
    CoveredService = apps.get_model("customers", "CoveredService")
    kept = {}
    for row in Delegation.objects.order_by("principal_id", "delegate_id", "starts_on", "pk").iterator():
        first = None if row.revoked_at else kept.setdefault((row.principal_id, row.delegate_id), row)
        if first is None or first.pk == row.pk:
            row.covers_everything = row.service_id is None
            row.save(update_fields=["covers_everything"])
            first = row
        else:
            row.revoked_at, row.ended_by, row.end_reason = timezone.now(), "system", "Merged into one authority"
            row.covers_everything = row.service_id is None  # what it was, for whoever asks later
            row.save(update_fields=["covers_everything", "revoked_at", "ended_by", "end_reason"])
            if (row.starts_on, row.ends_on) != (first.starts_on, first.ends_on):
                first = row
            elif row.service_id is None:
                first.covers_everything = True
                first.save(update_fields=["covers_everything"])
        if row.service_id:
            CoveredService.objects.get_or_create(delegation_id=first.pk, service_id=row.service_id)


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_authorities")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]

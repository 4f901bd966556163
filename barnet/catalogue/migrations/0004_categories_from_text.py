"""Every text that named a category becomes one, and its services point to it."""

from django.db import migrations

_SLUG = "left(trim(both '-' from lower(regexp_replace({}, '[^A-Za-z0-9]+', '-', 'g'))), 50)"
_FORWARD = f"""
INSERT INTO catalogue_category (slug, name, summary, position)
    SELECT DISTINCT ON (slug) slug, name, '', 100
    FROM (SELECT {_SLUG.format("category")} AS slug, trim(category) AS name FROM catalogue_service) AS texts
    WHERE slug <> ''
    ORDER BY slug, name
ON CONFLICT DO NOTHING;
UPDATE catalogue_service AS s SET category_id = c.id
    FROM catalogue_category AS c
    WHERE s.category_id IS NULL AND c.slug = {_SLUG.format("s.category")};
"""
_BACK = """
UPDATE catalogue_service AS s SET category = c.name FROM catalogue_category AS c WHERE c.id = s.category_id;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_category_of_service")]

    operations = [migrations.RunSQL(_FORWARD, _BACK)]

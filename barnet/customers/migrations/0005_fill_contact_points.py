"""A contact point for every e-mail address and number that we hold, as the trigger would have made it."""

from django.db import migrations

# The trigger does it for each row that is written; here for all at once. No value changes, so no history is written.
FILL = """
INSERT INTO customers_contactpoint (customer_id, kind, value, is_preferred, verified_at, added_at, unusable_reason)
SELECT customer.id, 'email', lower(customer.email), true,
       CASE WHEN EXISTS (SELECT 1 FROM account_emailaddress proved WHERE proved.user_id = customer.user_id
                         AND proved.verified AND lower(proved.email) = lower(customer.email)) THEN now() END,
       customer.created_at, ''
  FROM customers_customer customer
 WHERE customer.email <> ''
ON CONFLICT DO NOTHING;

WITH digits AS (
    SELECT id, created_at, regexp_replace(
        regexp_replace(regexp_replace(phone, '[^0-9+]', '', 'g'), '^(\\+44|0044)0?|^0(?=[1-9])', '+44'), '^00', '+'
    ) AS number FROM customers_customer WHERE phone <> ''
)
INSERT INTO customers_contactpoint (customer_id, kind, value, is_preferred, added_at, unusable_reason)
SELECT id, CASE WHEN number ~ '^\\+447[1-9][0-9]{8}$' OR number !~ '^\\+44' THEN 'mobile' ELSE 'landline' END,
       number, true, created_at, ''
  FROM digits
 WHERE number ~ '^\\+[0-9]{7,15}$'
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_language_of_messages"),
        ("account", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

"""A form as data: steps, questions, rules, outcomes. It knows no person and no database."""

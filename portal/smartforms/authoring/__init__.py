"""Where authors build forms, in the Wagtail admin: docs/decisions/form-blocks.md."""

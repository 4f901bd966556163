"""Pages at /bins/: collection days of a property, and the report of a missed bin."""

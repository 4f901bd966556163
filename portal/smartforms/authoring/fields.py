"""Where blocks are kept."""

from typing import Any

from wagtail.fields import StreamField


class BlocksField(StreamField):
    """To the database and to migrations it is JSON: a new kind of block, or a label, is no change of the schema, and a
    migration that reads it sees what is there."""

    def __init__(self, block_types: Any = (), **options: Any) -> None:
        options.setdefault("default", list)
        super().__init__(block_types, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, _args, options = super().deconstruct()
        options.pop("block_lookup")
        return name, "django.db.models.JSONField", [], options

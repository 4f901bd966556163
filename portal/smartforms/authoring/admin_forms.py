"""What the editor of forms does with what was posted."""

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from portal.smartforms.authoring.compiling import PARTS
from portal.smartforms.authoring.naming import keep_names, settle


class SmartFormForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if all(part in cleaned for part in PARTS):
            blocks = {part: list(cleaned[part].get_prep_value()) for part in PARTS}
            keep_names(blocks, {part: list(getattr(self.instance, part).get_prep_value()) for part in PARTS})
            settle(blocks)
            for part in PARTS:
                cleaned[part] = cleaned[part].stream_block.to_python(blocks[part])
        return cleaned

"""What a page is built from. Every block is plain data; `cms.rendering` turns it into what a template shows.

Headings are blocks, never part of rich text, so that the outline of a page is right and its contents list can be made.
"""

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from barnet.catalogue.selectors import live_services
from cms.enums import AnnouncementLevel

PROSE_FEATURES = ["bold", "link", "document-link", "ol", "ul"]
TABLE_MAX_COLUMNS = 6
OWN_PATH = re.compile(r"/(?!/)[\w\-./]*(\?[\w\-=&%+.]*)?(#[\w\-]*)?")


def service_choices() -> list[tuple[str, str]]:
    return list(live_services().order_by("name").values_list("slug", "name"))


def clean_own_path(path: str) -> None:
    if path and not OWN_PATH.fullmatch(path):
        raise ValidationError(_("Enter an address on this website that starts with /, such as /bins/."))


class OwnPathBlock(blocks.CharBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[clean_own_path], **{"max_length": 200, **kwargs})


class ServiceBlock(blocks.ChoiceBlock):
    """The slug of a live service. To show one asks nothing of the database; to choose or to check one does."""

    def normalize_choice(self, value: str | None) -> str | None:
        return value


class LinkBlock(blocks.StructBlock):
    """One place on this website: a page, a service, or an address of ours. Exactly one, unless it is optional."""

    page = blocks.PageChooserBlock(required=False)
    service = ServiceBlock(choices=service_choices, required=False)
    path = OwnPathBlock(required=False, help_text=_("An address on this website, such as /bins/"))

    def __init__(self, local_blocks: Any = None, *, is_optional: bool = False, **kwargs: Any) -> None:
        self.is_optional = is_optional
        super().__init__(local_blocks, **kwargs)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        chosen = sum(bool(cleaned[name]) for name in ("page", "service", "path"))
        if chosen > 1 or (chosen == 0 and not self.is_optional and not self.is_deferred_validation):
            message = ValidationError(_("Choose one: a page, a service or an address on this website."))
            raise StructBlockValidationError(non_block_errors=[message])
        return cleaned

    class Meta:
        icon = "link"
        label = _("Where it leads")


class TaskBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=60, help_text=_("Start with a verb, such as Report a missed bin"))
    text = blocks.CharBlock(max_length=140, required=False)
    link = LinkBlock()

    class Meta:
        icon = "list-ul"
        label = _("Top task")


class AnnouncementBlock(blocks.StructBlock):
    """Shown from the first day to the last day, both included; an empty date means no limit."""

    level = blocks.ChoiceBlock(choices=AnnouncementLevel.choices, default=AnnouncementLevel.NEWS)
    title = blocks.CharBlock(max_length=100)
    text = blocks.RichTextBlock(features=["bold", "link"], required=False)
    starts_on = blocks.DateBlock(required=False, label=_("First day"))
    ends_on = blocks.DateBlock(required=False, label=_("Last day"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["starts_on"] and cleaned["ends_on"] and cleaned["ends_on"] < cleaned["starts_on"]:
            message = ValidationError(_("The last day must be the same as or after the first day."))
            raise StructBlockValidationError(block_errors={"ends_on": message})
        return cleaned

    class Meta:
        icon = "warning"
        label = _("Announcement")


def is_current(announcement: Any, on: dt.date | None = None) -> bool:
    today = on or timezone.localdate()
    return (announcement["starts_on"] or today) <= today <= (announcement["ends_on"] or today)


class ProseBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": PROSE_FEATURES, **kwargs})


class DetailsBlock(blocks.StructBlock):
    summary = blocks.CharBlock(max_length=100, help_text=_("What people click on to see more"))
    text = ProseBlock()

    class Meta:
        icon = "plus-inverse"
        label = _("Details that open")


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=100)
    text = ProseBlock(required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")


class TableBlock(blocks.StructBlock):
    """A caption and column headings are asked for because screen readers announce them."""

    caption = blocks.CharBlock(max_length=150, help_text=_("Says what the table shows"))
    has_row_headings = blocks.BooleanBlock(required=False, default=True, label=_("The first column names the row"))
    table = TypedTableBlock([("text", blocks.CharBlock(required=False, max_length=300, label=_("Text")))])

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        columns = cleaned["table"].columns
        problem = None
        if not columns or not cleaned["table"].row_data:
            problem = _("Add at least one column and one row.")
        elif len(columns) > TABLE_MAX_COLUMNS:
            problem = _("Use 6 columns or fewer: wider tables cannot be read on a phone.")
        elif not all(column["heading"].strip() for column in columns):
            problem = _("Give every column a heading.")
        if problem and not self.is_deferred_validation:
            raise StructBlockValidationError(block_errors={"table": ValidationError(problem)})
        return cleaned

    class Meta:
        icon = "table"
        label = _("Table")


class PictureBlock(blocks.StructBlock):
    """The picture's own block insists on a description or on the mark that it is decoration."""

    image = ImageBlock()
    caption = blocks.CharBlock(max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")


class ContactBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=100, help_text=_("Whom people reach, such as Waste and recycling team"))
    phone = blocks.RegexBlock(
        regex=r"^[0-9+ ]{6,20}$",
        required=False,
        error_messages={"invalid": _("Enter a telephone number, such as 020 7946 0100.")},
    )
    email = blocks.EmailBlock(required=False)
    address = blocks.TextBlock(max_length=300, rows=3, required=False)
    hours = blocks.CharBlock(max_length=150, required=False, help_text=_("Such as Monday to Friday, 9am to 5pm"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not (cleaned["phone"] or cleaned["email"] or cleaned["address"] or self.is_deferred_validation):
            message = ValidationError(_("Enter a telephone number, an e-mail address or an address."))
            raise StructBlockValidationError(non_block_errors=[message])
        return cleaned

    class Meta:
        icon = "user"
        label = _("Contact")


class CallToActionBlock(blocks.StructBlock):
    """A start button. For a service without a text of its own, the service's own start and words are used."""

    text = blocks.CharBlock(max_length=60, default=_("Start now"))
    link = LinkBlock()

    class Meta:
        icon = "arrow-right-full"
        label = _("Start button")


class DownloadBlock(blocks.StructBlock):
    document = DocumentChooserBlock()
    title = blocks.CharBlock(max_length=150, required=False, help_text=_("Empty: the document's own title"))

    class Meta:
        icon = "doc-full-inverse"
        label = _("Download")


class BodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(max_length=100, icon="title", label=_("Heading"))
    subheading = blocks.CharBlock(max_length=100, icon="title", label=_("Smaller heading"))
    paragraph = ProseBlock(icon="pilcrow", label=_("Text"))
    inset = ProseBlock(icon="openquote", label=_("Inset text"))
    warning = blocks.CharBlock(max_length=300, icon="warning", label=_("Warning"))
    details = DetailsBlock()
    steps = blocks.ListBlock(StepBlock(), icon="list-ol", label=_("Steps"))
    table = TableBlock()
    picture = PictureBlock()
    contact = ContactBlock()
    call_to_action = CallToActionBlock()
    download = DownloadBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        has_heading = False
        for index, child in enumerate(cleaned):
            if child.block_type == "subheading" and not has_heading:
                message = ValidationError(_("Put a heading above the first smaller heading."))
                raise StreamBlockValidationError(block_errors={index: message})
            has_heading = has_heading or child.block_type == "heading"
        return cleaned

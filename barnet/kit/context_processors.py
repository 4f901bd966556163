from django.conf import settings
from django.http import HttpRequest

from barnet.kit import languages as kit_languages


def council(request: HttpRequest) -> dict[str, object]:
    return {"council_name": settings.COUNCIL_NAME, "is_development": settings.DEVELOPMENT}


def languages(request: HttpRequest) -> dict[str, object]:
    """What the header offers; nothing in the back office, which is English."""
    is_public = not f"{request.path_info}/".startswith("/staff/")
    return {"offered_languages": settings.LANGUAGES if is_public and kit_languages.are_several() else []}

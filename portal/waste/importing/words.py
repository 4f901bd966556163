"""The words that files may use for what the database keeps as a code."""

from barnet.gazetteer.enums import Weekday
from portal.waste.enums import CrewOutcome, Frequency, Stream

STREAMS: dict[str, str] = {
    **{stream.value: stream.value for stream in Stream},
    "food waste": Stream.FOOD,
    "garden waste": Stream.GARDEN,
}
WEEKDAYS: dict[str, int] = {
    **{day.name.lower(): day.value for day in Weekday},
    **{day.name[:3].lower(): day.value for day in Weekday},
}
FREQUENCIES: dict[str, int] = {
    "weekly": Frequency.WEEKLY,
    "fortnightly": Frequency.FORTNIGHTLY,
    "1": Frequency.WEEKLY,
    "2": Frequency.FORTNIGHTLY,
}
FINISHED = "finished"
OUTCOMES: dict[str, str] = {
    **{outcome.value: outcome.value for outcome in CrewOutcome},
    **{outcome.value.replace("_", " "): outcome.value for outcome in CrewOutcome},
    FINISHED: FINISHED,
}

"""What the database keeps of forms: their versions, the answers under way, and the answers that were sent."""

from portal.smartforms.models.drafts import Draft, DraftState, FormFile, ReturnLink
from portal.smartforms.models.forms import FormVersion, SmartForm
from portal.smartforms.models.submissions import Answer, AnswerCorrection, Submission

__all__ = [
    "Answer",
    "AnswerCorrection",
    "Draft",
    "DraftState",
    "FormFile",
    "FormVersion",
    "ReturnLink",
    "SmartForm",
    "Submission",
]

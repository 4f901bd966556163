"""What the database keeps of forms: their versions, the answers under way, and the answers that were sent."""

from portal.smartforms.models.approval import FormApproval
from portal.smartforms.models.asking import AskedState, MoreAsked
from portal.smartforms.models.drafts import Draft, DraftState, FormFile, ReturnLink
from portal.smartforms.models.figures import CHECK, ENDED, StepDay, StepEvent, What
from portal.smartforms.models.forms import FormVersion, FormWording, SmartForm
from portal.smartforms.models.grants import ApiGrant
from portal.smartforms.models.submissions import Answer, AnswerCorrection, Submission

__all__ = [
    "CHECK",
    "ENDED",
    "Answer",
    "AnswerCorrection",
    "ApiGrant",
    "AskedState",
    "Draft",
    "DraftState",
    "FormApproval",
    "FormFile",
    "FormVersion",
    "FormWording",
    "MoreAsked",
    "ReturnLink",
    "SmartForm",
    "StepDay",
    "StepEvent",
    "Submission",
    "What",
]

"""What is done with attempts."""

from assessments.services.closing import attempt_close, attempt_close_overdue
from assessments.services.handing_in import attempt_hand_in
from assessments.services.responses import ResponseSaved, SentResponse, response_save, responses_save
from assessments.services.starting import attempt_start, start_refusal

__all__ = [
    "ResponseSaved",
    "SentResponse",
    "attempt_close",
    "attempt_close_overdue",
    "attempt_hand_in",
    "attempt_start",
    "response_save",
    "responses_save",
    "start_refusal",
]

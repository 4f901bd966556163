"""Every write to a case. Nothing else changes one."""

from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.cases.services.areas import recompute_wards
from portal.cases.services.claiming import Slip, claim_case, make_claim_code, may_have_code
from portal.cases.services.contacts import Noted, log_contact, name_caller
from portal.cases.services.conversing import write_message
from portal.cases.services.correcting import Told, correct_case, retell_case
from portal.cases.services.desk import (
    end_absence,
    forget_presence,
    note_presence,
    record_absence,
    remove_view,
    save_view,
)
from portal.cases.services.erasing import count_words, erase_words
from portal.cases.services.escalating import escalate_case
from portal.cases.services.files import attach_file, erase_file
from portal.cases.services.following import follow_case, follower_of, stop_following
from portal.cases.services.leavers import hand_back_cases
from portal.cases.services.many import Rehearsal, do_many, rehearse
from portal.cases.services.mentioning import see_mentions
from portal.cases.services.moves import (
    BulkResult,
    add_note,
    answer_question,
    ask_customer,
    assign_case,
    assign_cases,
    reopen_case,
    resolve_case,
    resume_case,
    take_case,
    withdraw_case,
)
from portal.cases.services.photos import attach_photo
from portal.cases.services.promising import delay_case, hold_case, recategorise_case, reprioritise_case
from portal.cases.services.receiving import ContactDetails, Receipt, receive_case
from portal.cases.services.relating import (
    distinguish_cases,
    merge_case,
    part_case,
    relate_cases,
    split_case,
    unrelate_cases,
)
from portal.cases.services.speaking import tell_case

__all__ = [
    "BulkResult",
    "ContactDetails",
    "MoveRefusedError",
    "Noted",
    "Receipt",
    "Rehearsal",
    "Slip",
    "StaleCaseError",
    "Told",
    "add_note",
    "answer_question",
    "ask_customer",
    "assign_case",
    "assign_cases",
    "attach_file",
    "attach_photo",
    "claim_case",
    "correct_case",
    "count_words",
    "delay_case",
    "distinguish_cases",
    "do_many",
    "end_absence",
    "erase_file",
    "erase_words",
    "escalate_case",
    "follow_case",
    "follower_of",
    "forget_presence",
    "hand_back_cases",
    "hold_case",
    "log_contact",
    "make_claim_code",
    "may_have_code",
    "merge_case",
    "name_caller",
    "note_presence",
    "part_case",
    "recategorise_case",
    "receive_case",
    "recompute_wards",
    "record_absence",
    "rehearse",
    "relate_cases",
    "remove_view",
    "reopen_case",
    "reprioritise_case",
    "resolve_case",
    "resume_case",
    "retell_case",
    "save_view",
    "see_mentions",
    "split_case",
    "stop_following",
    "take_case",
    "tell_case",
    "unrelate_cases",
    "withdraw_case",
    "write_message",
]

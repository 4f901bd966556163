"""The last button: a form becomes a request, or more that was asked becomes part of one."""

from portal.smartforms.asking.answering import NoLongerAskedError, send_more
from portal.smartforms.results.submitting import NotCompleteError, NothingToSendError, submit
from portal.smartforms.running.run import Run

REFUSALS = (NotCompleteError, NothingToSendError, NoLongerAskedError)  # something changed meanwhile, in another tab


def send(run: Run) -> None:
    if run.asked:
        send_more(run.draft, walked=run.walk, actor=run.party.actor, customer=run.party.customer)
    else:
        submit(run.draft, actor=run.party.actor, customer=run.party.customer, facts=run.facts)

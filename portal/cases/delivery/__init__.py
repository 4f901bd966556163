"""Back offices hear of requests, and tell us what they did: outbox, calls, what comes back.

What was delivered is never the state of a request: a back office that is away changes nothing for the customer.
"""

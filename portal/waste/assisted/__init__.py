"""Assisted collections: for people who cannot bring their bins out, the crew fetches them from an agreed place.

That somebody is helped tells that somebody vulnerable lives there. So it is shown to the person, to those with
authority for the service, and to staff with the right; never to whoever merely knows or typed the address.
"""

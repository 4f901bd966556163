"""Jobs of crews on the street: which request a crew deals with on which day, and what they say of it from a telephone.

It owns the services that crews do, the reasons why a job could not be done, the jobs, and the key of every act that was
sent: an act reaches the request once, however often a telephone without a network sends it. The request itself is moved
by `portal.cases`.
"""

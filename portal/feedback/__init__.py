"""What people think of what we did: one question after a request was closed, and “was this page useful?” on every page.

It owns the questions that were asked, the answers, and the list on which staff deal with what was written. A request is
never changed by it but through `portal.cases`.
"""

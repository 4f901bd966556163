"""The conversation at a request, live while an adviser is on duty; without JavaScript the same pages, loaded anew.

It owns who is on duty and who has a conversation open. What is said belongs to the request: `portal.cases` keeps it.
"""

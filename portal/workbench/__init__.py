"""Where staff work: queues, the case page, requests made for a caller or a visitor.

Owns no data. Every read goes through a door of `cases` or `customers`, which records it; every write is one service.
"""

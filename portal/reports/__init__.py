"""What everybody may see of what was reported in the streets: what, where, and what became of it.

It owns which services are public, which requests of theirs, and what words and pictures of them staff have released. A
report is a case like any other: `portal.cases` receives, promises and tells.
"""

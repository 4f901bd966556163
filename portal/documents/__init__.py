"""The document desk: papers that somebody of ours has seen in the original, and what they prove until when.

It owns the kinds of paper, the scans with their certification and fingerprint, and which request relies on which of
them. A request never holds a copy: it names the document, with the fingerprint that it had then.
"""

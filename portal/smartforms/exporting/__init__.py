"""Answers that were sent, as files for whoever evaluates them: by version, streamed, every reading recorded."""

"""One journey, one record: request, promise, timeline, outcome."""

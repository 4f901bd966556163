"""The walk over every page: where it goes, what of the demo borough it meets there, and who walks."""

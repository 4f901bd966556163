"""Other systems that call our API: their keys, and what they were answered."""

"""Pages about the documents of a person that we have seen: what they prove, who read them, and how they go."""

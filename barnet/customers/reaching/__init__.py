"""How somebody is reached, where they live, and what they need to be served."""

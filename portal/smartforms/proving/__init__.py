"""The publish gate: shows that a form can be finished whatever is answered, or the place where it cannot."""

"""Forms for other systems: kiosks and partners fill them in through the same evaluator and the same checks."""

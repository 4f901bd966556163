"""Somebody fills in a form: start, a page for each step, check, send. Every answer is kept when its page is sent."""

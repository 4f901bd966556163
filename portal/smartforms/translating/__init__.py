"""A form's own words in other languages: each text has a key, and its translation names the English it was made from.

`spoken` gives a version in the language of the page. Answers, cases and what staff read stay English.
"""

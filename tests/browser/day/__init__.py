"""The five people of the back office do their day in a real browser."""

"""The website: pages that editors write, and one search over pages and services."""

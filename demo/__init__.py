"""A borough that does not exist, for trying the portal: places, people, rounds and two years of requests."""

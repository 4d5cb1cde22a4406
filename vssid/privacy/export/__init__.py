"""A copy of everything held about a person."""

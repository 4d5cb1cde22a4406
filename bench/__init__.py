"""`python -m bench`: how light and how quick VssID is, beside the plainest thing that could do the same work."""

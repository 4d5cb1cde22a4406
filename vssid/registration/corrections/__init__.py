"""Corrections: single items go back to the citizen with a reason; the rest of the declaration stays accepted."""

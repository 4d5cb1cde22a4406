"""The officer's side of the counter."""

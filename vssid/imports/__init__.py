"""Files of tables taken over: read, staged, compared, and applied as a whole."""

"""Coming back in: codes that set a first or a forgotten password."""

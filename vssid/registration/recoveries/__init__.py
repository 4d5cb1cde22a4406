"""Recovery at the counter: an officer sees the paper, a second one confirms, and nobody but the owner knows the password."""

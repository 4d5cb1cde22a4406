"""Tra cứu: what people search for without an account. No room asks this one for anything."""

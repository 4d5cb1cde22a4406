"""Ground floor: Python without Flask and without the domain."""

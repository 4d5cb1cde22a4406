"""Ai đã xem hồ sơ của tôi: who looked, when, what for."""

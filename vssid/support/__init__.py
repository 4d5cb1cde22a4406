"""Hỗ trợ: where people find help. The hub is here; what helps moves in below, in folders of its own."""

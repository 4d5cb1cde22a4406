"""Tra cứu trong danh mục: agencies, health facilities, employers, collection points."""

"""Tìm trong bài viết: news, guides, policies, documents and questions by their words. Door."""

from vssid.newsroom.searching.finding import Found, Hit, find
from vssid.newsroom.searching.indexing import bring_up

__all__ = ["Found", "Hit", "bring_up", "find"]

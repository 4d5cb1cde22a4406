"""Tải danh sách lên: a file is read, checked, shown, and saved on a second word."""

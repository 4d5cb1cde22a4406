"""Thông tin tài khoản: what the account is, its password, its devices."""

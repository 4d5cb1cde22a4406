"""Theo dõi tờ khai: what can be seen and done without an account."""

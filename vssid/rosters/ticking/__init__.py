"""Nhận tờ khai: returned forms are ticked by scanning."""

"""Nhân sự: who works here, with which role and for which agency; nobody grants anything alone."""

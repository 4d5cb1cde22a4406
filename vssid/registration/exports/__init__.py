"""Declarations as a file (xuất hồ sơ): wanted by one supervisor, agreed to by a second, made by `flask work`."""

"""“Đi khám hôm nay?”: one screen for the way to the hospital."""

"""Form 01 signed digitally: issued to be signed, judged when it comes back, taken in place of the paper."""

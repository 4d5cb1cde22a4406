"""Coming back in when the phone is gone: requests, relatives, the counter."""

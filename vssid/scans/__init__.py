"""Cards that fill a form: the QR of a BHYT card or a CCCD, from a camera, a photo or a scanner that types. Door.

What it says is a claim: it saves typing, and whoever decides compares it with the papers.
"""

from vssid.kernel.images import LARGEST_BYTES
from vssid.scans.reading import codes_of_photo, scan_photo
from vssid.scans.rules import LONGEST_TEXT, Scan, ScanKind, Trouble, read

__all__ = [
    "LARGEST_BYTES",
    "LONGEST_TEXT",
    "Scan",
    "ScanKind",
    "Trouble",
    "codes_of_photo",
    "read",
    "scan_photo",
]

"""Dữ liệu mở: the public lists as files that anybody may take, one version a change, on the disk. Door."""

from vssid.directory.open_data.making import folder_of, make_next
from vssid.directory.open_data.rules import BY_SLUG, DATASETS, FORMATS, Dataset
from vssid.directory.open_data.versions import Version, versions

MAKERS = (("directory.open_data", make_next),)

__all__ = ["BY_SLUG", "DATASETS", "FORMATS", "MAKERS", "Dataset", "Version", "folder_of", "make_next", "versions"]

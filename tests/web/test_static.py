"""Files of static/: fetched once, kept for good, small on the line."""

import gzip
import re

import brotli
import pytest


@pytest.fixture
def addresses(client) -> set[str]:
    """What the first page names."""
    return set(re.findall(r'"(/static/[^"#]+)', client.get("/").get_data(as_text=True)))


def test_every_file_of_a_page_has_its_hash_in_its_address_and_is_kept_for_good(client, addresses):
    assert len(addresses) >= 4
    for address in addresses:
        assert re.search(r"\?v=[0-9a-f]{10}$", address)
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_address_without_the_right_hash_is_not_kept_for_good(client, addresses):
    for address in addresses:
        stale = re.sub(r"v=.*", "v=0000000000", address)
        assert client.get(stale).headers["Cache-Control"] == "public, max-age=300"


def test_text_comes_compressed_to_those_who_can_read_it(client, addresses):
    for address in (one for one in addresses if ".js" in one or ".svg" in one):
        plain = client.get(address)
        assert "Content-Encoding" not in plain.headers
        for accepted, encoding, unpack in (
            ("gzip", "gzip", gzip.decompress),
            ("gzip, deflate, br", "br", brotli.decompress),
        ):
            packed = client.get(address, headers={"Accept-Encoding": accepted})
            assert packed.headers["Content-Encoding"] == encoding
            assert unpack(packed.data) == plain.data
        assert "Accept-Encoding" in plain.headers["Vary"]

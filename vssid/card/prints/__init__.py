"""Thẻ giấy: the card on paper and as a picture, with a strip that holds as long as the card."""

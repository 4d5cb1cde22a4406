"""Người thân tin cậy: whom one has named to vouch for oneself, should everything else be lost."""

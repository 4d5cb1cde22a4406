"""The first page: composes what other rooms know. Nothing stands above it."""

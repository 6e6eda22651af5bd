"""The price band of a place for anybody, without a key: a page and an address. Nothing that is asked is kept or logged."""

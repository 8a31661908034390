"""Every published file is kept for ever under the hash of its bytes."""


def archive_key(sha256: str) -> str:
    """Where the bytes of that hash lie in the store."""
    return f"archive/{sha256[:2]}/{sha256}"

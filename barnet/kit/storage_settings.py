"""STORAGES for a bucket. Apart from `storage.py`, because settings are read before any storage can be imported."""


def s3_storages(*, bucket: str, **options: object) -> dict[str, dict[str, object]]:
    """The two entries of STORAGES. Path style, because a storage of one's own seldom has a name for each bucket."""
    common = {
        "bucket_name": bucket,
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": False,
        "signature_version": "s3v4",
        "addressing_style": "path",
        "max_memory_size": 8 * 1024 * 1024,
        **{name: value for name, value in options.items() if value},
    }
    return {
        "default": {"BACKEND": "barnet.kit.storage.MediaS3Storage", "OPTIONS": {**common, "location": "media"}},
        "private": {"BACKEND": "barnet.kit.storage.PrivateS3Storage", "OPTIONS": {**common, "location": "private"}},
    }

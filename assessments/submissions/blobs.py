"""Where the contents of submissions are kept; swept by ``assessments.services.blobs``."""

from typing import Final

from waymark.core.blobs import BlobStore

BLOBS: Final = BlobStore("submissions")

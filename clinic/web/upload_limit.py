"""Keeps a request with a huge file from filling the disk: what lies beyond the limit is let go as it arrives."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class UploadLimit(FileUploadHandler):
    """First of the upload handlers. The file that a form gets is cut just above the limit, so that the form sees that it is too large."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # Django calls it so
        """The chunk for the handlers behind this one, or nothing once they have more than a form takes."""
        if self.taken > settings.UPLOAD_MAX_BYTES:
            return None
        self.taken += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves the file to the handlers behind this one."""

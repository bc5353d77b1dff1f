"""Keeps a request with a huge file from filling the disk: what lies beyond the limit is let go as it arrives.

A form with files in another encoding than ours is refused, as Django refuses one without files.
"""

from typing import Any, Final

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParserError

UTF_8: Final = "utf-8"
ENCODING: Final = 4  # its place among what Django hands to whoever wants to read the form itself


class UploadLimit(FileUploadHandler):
    """First of the upload handlers. The file that a form gets is cut just above the limit, so that the form sees that it is too large."""

    def handle_raw_input(self, *args: Any) -> None:
        """Django reads the fields of such a form in whatever the request names, and not every name is one of letters (``hex``)."""
        encoding = args[ENCODING] if len(args) > ENCODING else None
        if (encoding or UTF_8).lower() != UTF_8:
            raise MultiPartParserError("A form is written in UTF-8.")

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

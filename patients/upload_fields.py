"""A field for one file, which is read and made harmless before anybody sees it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from patients.uploads import Upload, UploadRefused, read_upload


class UploadField(forms.FileField):
    """Gives an ``Upload``, or None where no file was chosen and none is needed."""

    def __init__(self, **options: Any) -> None:
        accepted = {"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}
        given: dict[str, Any] = {
            "label": gettext_lazy("Scan or photo of it"),
            "help_text": gettext_lazy("PDF, JPEG or PNG, up to 10 MB. If this page comes back with a mistake, choose the file again."),
            "widget": forms.FileInput(attrs=accepted),
            "allow_empty_file": True,
        }
        super().__init__(**(given | options))

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_upload(file, file.name or "")
        except UploadRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused

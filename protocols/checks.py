"""System check: ``manage.py check`` fails when the library or a translation of it has a gap."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from protocols.method.building import LibraryFaults
from protocols.shelf import shipped_languages, shipped_library, shipped_names

LIBRARY_FAULT = "protocols.E001"
TRANSLATION_FAULT = "protocols.E002"


@register()
def check_library(app_configs: Sequence[AppConfig] | None = None, **_options: Any) -> list[CheckMessage]:
    """One error for each fault of the library; its translations are looked at once it is sound."""
    del app_configs
    faults = faults_of(shipped_library, LIBRARY_FAULT)
    if faults:
        return faults
    return [fault for language in shipped_languages() for fault in faults_of(partial(shipped_names, language), TRANSLATION_FAULT)]


def faults_of(read: Callable[[], object], code: str) -> list[CheckMessage]:
    """What ``read`` refuses, as errors with this id."""
    try:
        read()
    except LibraryFaults as error:
        return [Error(fault, id=code) for fault in error.faults]
    return []

"""Where things lie; two folders can be moved when the source folder may not be written to."""

import os
import tempfile
from pathlib import Path

from clinic.bootstrap.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = ROOT / "manage.py"


def venv_folder() -> Path:
    """The virtual environment: `.venv` beside manage.py, or TACTUS_VENV."""
    return Path(os.environ.get("TACTUS_VENV") or ROOT / ".venv")


def data_folder() -> Path:
    """Database file, kept keys, logs of the demo: `data` beside manage.py, or TACTUS_DATA."""
    return Path(os.environ.get("TACTUS_DATA") or ROOT / "data")


def check_writable(folder: Path, setting: str) -> None:
    """Make the folder and write to it once; asking for permissions is not enough on a read-only disk."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as wrong:
        raise Trouble(
            f"Tactus cannot write to {folder} ({wrong.strerror or wrong}); put the project into a folder that you may write to, "
            f"or set {setting} to one."
        ) from wrong

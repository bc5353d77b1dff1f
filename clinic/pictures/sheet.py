"""A page with all pictures side by side, to be opened from the folder."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from clinic.pictures.shooting import Subject

HEAD: Final = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Pictures of every page</title>
<style>
body { font: 15px/1.5 sans-serif; margin: 2rem; background: #f2f4f0; color: #14231f; }
section { margin-block: 2rem; } h2 { font-size: 1.1rem; margin: 0; } h2 span { font-weight: 400; color: #4b5a54; }
ul { display: flex; gap: 1rem; align-items: start; overflow-x: auto; list-style: none; padding: .5rem 0; margin: 0; }
img { display: block; block-size: 22rem; inline-size: auto; max-inline-size: 26rem; object-fit: cover; object-position: top;
  border: 1px solid #d3dad4; } li { font-size: .8rem; }
</style></head><body>"""


def write_sheet(folder: Path, subjects: Sequence[Subject], turns: Sequence[tuple[int, str]]) -> Path:
    """Writes ``index.html`` into the folder: a row for each page, a picture for each width and look that is there."""
    by_role: Mapping[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        by_role[subject.role].append(subject)
    parts = [HEAD, f"<h1>{len(subjects)} pages</h1>"]
    for role, pages in by_role.items():
        parts += [f"<h1>{escape(role)}</h1>", *(_row(folder, page, turns) for page in pages)]
    file = folder / "index.html"
    file.write_text("\n".join([*parts, "</body></html>"]), encoding="utf-8")
    return file


def _row(folder: Path, page: Subject, turns: Sequence[tuple[int, str]]) -> str:
    names = [f"{page.role}/{page.name}-{width}-{look}.png" for width, look in turns]
    cells = (f'<li><a href="{escape(name)}"><img src="{escape(name)}" alt="" loading="lazy"></a>{escape(name)}</li>' for name in names)
    shown = "".join(cell for name, cell in zip(names, cells, strict=True) if (folder / name).exists())
    return f"<section><h2>{escape(page.name)} <span>{escape(page.path)}</span></h2><ul>{shown}</ul></section>"

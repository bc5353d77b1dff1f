"""Whatever allows more than the release has words of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

from protocols import variants
from protocols.presentation.changed.labels import LABELS
from protocols.presentation.changed.loosenings import CODES
from protocols.variants.strict_values import Loosening

MADE = {"pressure-build-up", "pressure-working", "pressure-taper", "gap-gone", "age-factor-gone"}  # put together from a phase or a key


def codes() -> Iterator[str]:
    """Every code that a comparison names."""
    for path in Path(str(variants.__file__)).parent.glob("strict_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                named = {"Limit": 0, Loosening.__name__: 1}.get(node.func.id)
                found = node.args[named] if named is not None and len(node.args) > named else None
            else:
                value = node.value if isinstance(node, ast.Yield) else None
                found = value.elts[0] if isinstance(value, ast.Tuple) else None
            if isinstance(found, ast.Constant) and isinstance(found.value, str):
                yield found.value


def test_every_kind_of_loosening_has_its_words() -> None:
    found = MADE | set(codes())
    assert len(found) > 100
    assert {code for code in found if code not in CODES and code.replace("-", "_") not in LABELS} == set()

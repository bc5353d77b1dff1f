"""Finds where a name of a column, or a key of an address, is not written down where it is used. Read by test_closed_keys.py.

What a query may be asked by and sorted by is a closed list when its names stand in the source: as words, as constants of a module, or
as a value of the same function that is made of such. Everything else is told, and has to have its reason there.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

APPS: Final = ("clinic", "patients", "protocols")
BY_KEYWORD: Final = ("filter", "exclude", "get", "aget", "Q", "alias", "annotate")  # whose keywords are names of columns
BY_WORD: Final = ("order_by", "F", "OrderBy", "raw", "extra", "RawSQL", "distinct")
READ: Final = ("get", "getlist", "__contains__")


def sources(root: Path) -> Iterator[Path]:
    """The code of the product: no migration, no test."""
    for app in APPS:
        yield from (path for path in sorted((root / app).rglob("*.py")) if "migrations" not in path.parts)


def open_names(tree: ast.AST) -> Iterator[str]:
    """Each query of the tree that names a column by something that is not written down in the same function."""
    for scope, call in _calls(tree, tree):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in BY_KEYWORD and not all(_closed(word.value, scope) for word in call.keywords if word.arg is None):
            yield _told(name, [f"**{ast.unparse(word.value)}" for word in call.keywords if word.arg is None])
        if name in BY_WORD and not all(_closed(word, scope) for word in call.args):
            yield _told(name, [ast.unparse(word) for word in call.args])


def _told(name: str, words: list[str]) -> str:
    return f"{name}({', '.join(words)})"


def _calls(node: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield scope, child
        yield from _calls(child, child if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else scope)


def _closed(word: ast.AST, scope: ast.AST) -> bool:
    """Whether everything that this can be stands in the source."""
    if isinstance(word, ast.Constant) or _name(word).isupper():
        return True
    if isinstance(word, ast.Name):
        given = _given(word.id, scope)
        return bool(given) and all(_closed(value, scope) for value in given)
    parts = list(_parts(word))
    return bool(parts) and all(_closed(part, scope) for part in parts)


def _name(word: ast.AST) -> str:
    return word.attr if isinstance(word, ast.Attribute) else getattr(word, "id", "")


def _parts(word: ast.AST) -> Iterator[ast.AST]:
    """What this is made of, where it is made of nothing else; nothing where that cannot be said."""
    match word:
        case ast.Starred(value=inner) | ast.UnaryOp(operand=inner) | ast.Call(func=ast.Attribute(value=inner, attr="asc" | "desc")):
            yield inner
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Call(func=ast.Name(id="F"), args=parts):
            yield from parts
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from (one, other)
        case ast.Dict(keys=keys, values=values):
            yield from (key or value for key, value in zip(keys, values, strict=True))


def _given(name: str, scope: ast.AST) -> list[ast.AST]:
    """Every value that the function gives to this name; none where the name comes from outside."""
    found: list[ast.AST] = []
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
            found.append(node.value)
        elif (
            isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name) and node.target.id == name
        ):
            found += [node.value] if node.value else []
        elif (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == name
        ):
            found.append(node.slice)
    return found


def open_reads(tree: ast.AST) -> Iterator[str]:
    """Each use of ``request.GET`` that is not one word, written down, read from it: the whole of it is handed on, or its keys are read."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "GET" and not _one_word(node, parents):
            yield _around(node, parents)


def _one_word(node: ast.Attribute, parents: dict[ast.AST, ast.AST]) -> bool:
    above = parents[node]
    if isinstance(above, ast.Attribute) and above.attr in READ:
        call = parents[above]
        return isinstance(call, ast.Call) and isinstance(call.args[0], ast.Constant)
    if isinstance(above, ast.Subscript):
        return isinstance(above.slice, ast.Constant)
    return isinstance(above, ast.Compare) and isinstance(above.left, ast.Constant)


def _around(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """The call that is given it, or the expression that uses it."""
    above = parents[node]
    while not isinstance(above, (ast.Call, ast.stmt)):
        node, above = above, parents[above]
    if isinstance(above, ast.Call):
        return f"{ast.unparse(above.func)}({ast.unparse(node)})"
    return ast.unparse(node)

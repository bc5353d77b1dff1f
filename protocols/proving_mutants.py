"""The small changes by which the tests of the method are tested (mutants): what they are, and how one is made. Nothing is run here.

The changes: a comparison turned or moved by one, ``and``/``or`` exchanged, ``not`` dropped, a number or truth value changed, arithmetic
turned, ``return`` emptied.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import CodeType

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. ``function`` is the dotted name of the function, empty in the body of a module or class; ``text`` is the changed line.

    ``node`` and ``change`` say which node of the syntax tree changes and how; they hold for one version of the file only. ``twin`` tells
    apart changes of which all the rest is the same.
    """

    path: str
    function: str
    what: str
    text: str
    twin: int
    line: int
    last_line: int
    node: int
    change: int

    @property
    def name(self) -> str:
        """The same for the same change as long as its line is not rewritten, wherever in the file it stands."""
        twin = f" #{self.twin}" if self.twin else ""
        return f"{self.path} | {self.function} | {self.text} | {self.what}{twin}"

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        return f"{self.path}:{self.line}: {self.what}"


# Finding --------------------------------------------------------------------------------------------------------------------
def mutants_of(root: Path, path: str) -> Iterator[Mutant]:
    """Every mutant of one file below ``root``."""
    tree, lines = _parsed(root / path)
    seen: Counter[str] = Counter()
    for number, (node, function, statement) in enumerate(_nodes(tree)):
        for change, what in enumerate(_changes(node)):
            line = getattr(node, "lineno", 0)
            mutant = Mutant(path, function, what, lines[line - 1].strip(), 0, line, _last_line(node, statement), number, change)
            seen[mutant.name] += 1
            yield replace(mutant, twin=seen[mutant.name] - 1)


@lru_cache(maxsize=4)
def _parsed(path: Path) -> tuple[ast.Module, list[str]]:
    text = path.read_text(encoding="utf-8")
    return ast.parse(text), text.splitlines()


def _last_line(node: ast.AST, statement: ast.stmt | None) -> int:
    """A simple statement is reached as a whole; of a block only the change itself counts."""
    block = statement is None or hasattr(statement, "body")
    return getattr(node if block else statement, "end_lineno", 0) or 0


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, str, ast.stmt | None]]:
    """Every node of the code with its function and statement, in the order of the file. Annotations and decorators are no code."""

    def walk(
        node: ast.AST, names: tuple[str, ...], inside: str, statement: ast.stmt | None
    ) -> Iterator[tuple[ast.AST, str, ast.stmt | None]]:
        statement = node if isinstance(node, ast.stmt) else statement
        yield node, inside, statement
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names = (*names, node.name)
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list"):
                continue
            within = ".".join(names) if field == "body" and isinstance(node, ast.FunctionDef) else inside
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from walk(child, names, within, statement)

    return walk(tree, (), "", None)


def _changes(node: ast.AST) -> tuple[str, ...]:
    """Words for each change that this node allows; ``_apply`` makes the one with the same number."""
    words: tuple[str, ...] = ()
    if isinstance(node, ast.Compare):
        words = tuple(f"{type(op).__name__} -> {COMPARISONS[type(op)].__name__}" for op in node.ops)
    elif isinstance(node, ast.BoolOp):
        words = ("and <-> or",)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        words = ("not dropped",)
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        words = (f"{type(node.op).__name__} -> {ARITHMETIC[type(node.op)].__name__}",)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        words = (f"{node.value} changed",)
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        words = ("return None",)
    return words


# Making ---------------------------------------------------------------------------------------------------------------------
def mutated(root: Path, mutant: Mutant) -> ast.Module:
    """The syntax tree of the file with this change; lines keep their numbers."""
    tree = deepcopy(_parsed(root / mutant.path)[0])
    node = next(node for number, (node, _, _) in enumerate(_nodes(tree)) if number == mutant.node)
    _apply(node, mutant.change)
    return ast.fix_missing_locations(tree)


def compiled(root: Path, mutant: Mutant) -> CodeType:
    """The changed module, ready to be run under the name of its file."""
    return compile(mutated(root, mutant), str(root / mutant.path), "exec", dont_inherit=True)


def _apply(node: ast.AST, number: int) -> None:
    if isinstance(node, ast.Compare):
        node.ops[number] = COMPARISONS[type(node.ops[number])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        # "not not x" is x as a truth value.
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.BinOp):
        node.op = ARITHMETIC[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)

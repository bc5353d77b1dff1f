"""Mutants that no test noticed: the reasons why some may be (``survivors.toml``), and the page that tells all of it."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from protocols.proving_mutants import Mutant

REASONS = Path(__file__).resolve().parent / "survivors.toml"
BEGIN, END = "<!-- mutation: written by manage.py mutate_method --document -->", "<!-- mutation: end -->"


@dataclass(frozen=True, slots=True)
class Score:
    """The outcome of a run: ``noticed`` by which test or how; ``open`` survived without a reason, ``stale`` reasons have no survivor."""

    noticed: Mapping[Mutant, str]
    explained: Mapping[Mutant, str]
    open: tuple[Mutant, ...]
    stale: tuple[str, ...]

    @property
    def tried(self) -> int:
        return len(self.noticed) + len(self.explained) + len(self.open)

    @property
    def percent(self) -> float:
        """Noticed of all. A survivor counts against the score, with a reason or without."""
        return 100 * len(self.noticed) / max(self.tried, 1)

    @property
    def summary(self) -> str:
        """One line of figures."""
        survived = len(self.explained) + len(self.open)
        return (
            f"{len(self.noticed)} of {self.tried} mutants noticed: {self.percent:.1f} %. "
            f"Survivors: {survived}, of which {len(self.explained)} with a reason and {len(self.open)} open."
        )


def read_reasons(path: Path = REASONS) -> dict[str, str]:
    """Name of a mutant -> why nobody can or need notice it."""
    if not path.exists():
        return {}
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", [])
    return {
        Mutant(row["file"], row["function"], row["what"], row["line"], row.get("twin", 0), 0, 0, 0, 0).name: row["reason"] for row in rows
    }


def scored(mutants: Iterable[Mutant], results: Mapping[str, str], reasons: Mapping[str, str]) -> Score:
    """Judges the mutants that have a result (name -> who noticed it, empty for nobody). A reason without survivor is stale."""
    tried = [mutant for mutant in mutants if mutant.name in results]
    survivors = [mutant for mutant in tried if not results[mutant.name]]
    files = {mutant.path for mutant in tried}
    names = {mutant.name for mutant in survivors}
    return Score(
        noticed={mutant: results[mutant.name] for mutant in tried if results[mutant.name]},
        explained={mutant: reasons[mutant.name] for mutant in survivors if mutant.name in reasons},
        open=tuple(mutant for mutant in survivors if mutant.name not in reasons),
        stale=tuple(name for name in reasons if name not in names and name.split(" | ")[0] in files),
    )


# Page -----------------------------------------------------------------------------------------------------------------------
def document(page: Path, score: Score, words: str) -> None:
    """Writes the figures and every survivor between the two marks of the page. Raises ``ValueError`` if a mark is missing."""
    text = page.read_text(encoding="utf-8")
    before, after = text.index(BEGIN) + len(BEGIN), text.index(END)
    page.write_text(f"{text[:before]}\n{_section(score, words)}\n{text[after:]}", encoding="utf-8")


def _section(score: Score, words: str) -> str:
    rows = ["", words, "", score.summary, "", "| package | mutants | noticed |", "|---|---|---|"]
    rows += [f"| {name} | {tried} | {100 * noticed / tried:.1f} % |" for name, tried, noticed in _by_package(score)]
    rows += ["", f"### The {len(score.explained) + len(score.open)} survivors", ""]
    rows += [f"- {_told(mutant)} {reason}" for mutant, reason in score.explained.items()]
    rows += [f"- {_told(mutant)} **Open.**" for mutant in score.open]
    return "\n".join([*rows, ""])


def _told(mutant: Mutant) -> str:
    where = mutant.path.removeprefix("protocols/method/")
    return f"`{where}` {mutant.function or 'body of the file'}: {mutant.what} in `{mutant.text}`."


def _by_package(score: Score) -> list[tuple[str, int, int]]:
    noticed = Counter(_package(mutant) for mutant in score.noticed)
    tried = noticed + Counter(_package(mutant) for mutant in (*score.explained, *score.open))
    return [(name, tried[name], noticed[name]) for name in sorted(tried)]


def _package(mutant: Mutant) -> str:
    return str(Path(mutant.path).parent)

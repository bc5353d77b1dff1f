"""What processes cost, read from ``/proc``: processor time of a tree of them and the memory that is theirs. Linux only."""

import os
from collections import defaultdict
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
TICKS: Final = os.sysconf("SC_CLK_TCK")


def _fields(pid: int) -> list[str]:
    """What ``stat`` says behind the name, which may hold anything; nothing of a process that has ended."""
    try:
        words = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return words[words.rindex(")") + 2 :].split()


def tree(root: int) -> list[int]:
    """The process and all that it has begun."""
    children: dict[int, list[int]] = defaultdict(list)
    for each in PROC.iterdir():
        if each.name.isdigit() and (fields := _fields(int(each.name))):
            children[int(fields[1])].append(int(each.name))
    found, waiting = list[int](), [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children[found[-1]]
    return found


def processor_seconds(roots: list[int]) -> float:
    """User and system time of these trees, with that of children which have ended."""
    return sum(int(number) for root in roots for pid in tree(root) for number in _fields(pid)[11:15]) / TICKS


def memory_mib(root: int) -> float:
    """Proportional set size of the tree: what is shared counts once."""
    total = 0
    for pid in tree(root):
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def busy_seconds() -> float:
    """What the whole machine has worked since it began, by everybody."""
    numbers = [int(each) for each in (PROC / "stat").read_text(encoding="ascii").splitlines()[0].split()[1:]]
    return (sum(numbers[:8]) - numbers[3] - numbers[4]) / TICKS


def parent_of(pid: int) -> int:
    """The process that began this one."""
    return int(_fields(pid)[1])

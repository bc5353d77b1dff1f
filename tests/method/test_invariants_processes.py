"""Invariant 12 across processes: the same cases give the same bytes under other hash seeds, time zones and locales."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import hashlib
from datetime import timedelta
from protocols.method.answers import Answers
from protocols.method.case import CASE_DAY, Case
from protocols.method.findings import Clearance
from protocols.method.places import Place
from protocols.method.planning import plan_whole_course
from protocols.method.storage import canonical_bytes
from protocols.proving import narrowed, plans_of, settings, signatures
from protocols.shelf import shipped_library

library = shipped_library()
whole = hashlib.sha256(library.digest.encode())
effects = signatures(library)
for number, setting in enumerate(settings(library)[::17]):
    for plan, _ in plans_of(narrowed(setting, effects[number % len(effects)])):
        whole.update(canonical_bytes(plan))
places = (Place("thigh-posterior", "both"), Place("calf", "left"))
known = {"patient.age": 66, "patient.sex": "female", "medicine.anticoagulant": True, "history.varicose-zones": places}
answers = Answers(known, frozenset({"today.temperature-c", "history.osteoporosis", "today.pain-nrs"}))
paper = Clearance("doctor-referral", CASE_DAY - timedelta(days=3), frozenset({"bl-03", "va-03"}))
for condition in library.conditions.values():
    for stage in condition.stages.values():
        if not any(entry.required or entry.required_when for entry in condition.inputs):
            planned = plan_whole_course(Case(66, "female", condition, stage, {}, answers, (paper,), of=8), library)
            whole.update(canonical_bytes(planned.screening))
            for session in planned.sessions:
                whole.update(canonical_bytes(session))
print(whole.hexdigest())
"""


def digest(**surroundings: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **surroundings}
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.slow
def test_12_byte_for_byte_the_same_in_another_process_hash_seed_time_zone_and_locale():
    usual = digest(PYTHONHASHSEED="0")
    assert len(usual) == 64
    assert digest(PYTHONHASHSEED="1", TZ="Pacific/Chatham", LC_ALL="C") == usual
    assert digest(PYTHONHASHSEED="random", TZ="America/St_Johns", LC_ALL="tr_TR.UTF-8") == usual

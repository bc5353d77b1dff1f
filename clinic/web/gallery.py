"""Example values for the component gallery. English only, as it is for those who build pages."""

from typing import Any, Final

from django import forms
from django.core.paginator import Paginator

from clinic.web import marks
from clinic.web.navigation import Link

ANSWERS: Final = (("no", "No"), ("yes", "Yes"), ("unknown", "Don't know"))

FAMILY_NAMES: Final = {
    "stroking": "planar deep stroking",
    "rubbing": "circular rubbing",
    "kneading": "longitudinal kneading",
    "vibration": "continuous vibration",
    "percussion": "loose-finger tapping",
    "breathing-assist": "hand-assisted breathing",
    "points": "point work",
}


class SampleForm(forms.Form):
    """One field of every kind."""

    full_name = forms.CharField(label="Full name", help_text="As in the passport.")
    born_on = forms.DateField(label="Born on", widget=forms.DateInput(attrs={"type": "date"}))
    stage = forms.ChoiceField(label="Stage", choices=[("", "Choose a stage"), ("remission", "In remission"), ("acute", "Acute")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    may_call = forms.BooleanField(label="May be called by telephone", required=False)


class SampleQuestions(forms.Form):
    """Questions with a short answer."""

    anticoagulant = forms.ChoiceField(
        label="Does the patient take a medicine that thins the blood?",
        help_text="Warfarin, apixaban, rivaroxaban, heparin and the like.",
        choices=ANSWERS,
        widget=forms.RadioSelect,
    )
    fever = forms.ChoiceField(label="Fever today, or in the last three days?", choices=ANSWERS, widget=forms.RadioSelect)


def _finding(code: str) -> dict[str, Any]:
    return {
        "title": "Takes a medicine that thins the blood",
        "outcome": code,
        "explanation": "Strong pressure and percussion may cause deep bruises that are noticed late.",
        "changes": ("Percussion is left out.", "Pressure is at most light, everywhere."),
        "ends_when": "when the medicine has been stopped for the days that the doctor names",
        "lifted_by": "a note from the doctor who prescribes it",
        "sources": ({"title": "General clinical knowledge", "url": ""}, {"title": "Sources of the library", "url": "#sources"}),
    }


def _session_rows() -> list[dict[str, Any]]:
    zones = (
        "lumbar, beside the spine",
        "lumbar, beside the spine",
        "gluteal",
        "sacrum",
        "back of the thigh",
        "lower ribs",
        "buttock point",
    )
    sides = ("left", "right", "left", "both", "right", "both", "left")
    tempos = ("calm", "neutral", "neutral", "calm", "tonic", "", "calm")
    return [
        {
            "number": number,
            "family": family,
            "technique": FAMILY_NAMES[family],
            "zone": zone,
            "side": side,
            "seconds": 90 + 45 * number,
            "pressure": 1 + number % 4,
            "tempo": tempo,
            "position": "lying face down",
            "because": "The healthy side is worked first; it prepares the tissue beside the pain.",
        }
        for number, (family, zone, side, tempo) in enumerate(zip(FAMILY_NAMES, zones, sides, tempos, strict=True), 1)
    ]


def _lists() -> dict[str, Any]:
    columns = ({"label": "Patient"}, {"label": "Condition"}, {"label": "Session", "kind": "amount"}, {"label": "Minutes", "kind": "amount"})
    rows = (("Anna Weber", "Lumbar osteochondrosis", "4 of 10", 18), ("Пётр Иванов", "Neck and collar, calming", "1 of 12", 12))
    return {
        "columns": columns,
        "rows": rows,
        "page": Paginator(range(95), 20).page(2),
        "tabs": [
            {"label": "To do", "url": "#to-do", "is_current": True, "count": 4},
            {"label": "Signed", "url": "#signed", "is_current": False, "count": 18},
            {"label": "All", "url": "#all", "is_current": False, "count": None},
        ],
        "crumbs": [{"label": "Patients", "url": "#patients"}, {"label": "Anna Weber", "url": "#anna"}],
        "steps": [
            {"label": "Patient", "state": "done", "url": "#patient"},
            {"label": "Condition", "state": "done", "url": "#condition"},
            {"label": "Answers", "state": "current", "url": ""},
            {"label": "Plan", "state": "todo", "url": ""},
        ],
        "definitions": [
            {"term": "Born on", "value": "4 March 1961 (65 years)"},
            {"term": "Condition", "value": "Lumbar osteochondrosis (M42.1), in remission"},
            {"term": "Works with", "value": "M. Sokolova, Tuesdays and Fridays"},
        ],
        "links": (
            Link("Today", "#today", "sun", is_current=True),
            Link("Patients", "#patients", "users", is_current=False),
            Link("Courses", "#courses", "chart-no-axes-column", is_current=False),
        ),
    }


def samples() -> dict[str, Any]:
    """The context of the gallery page."""
    wrong = SampleForm({"wrong-full_name": "Anna", "wrong-born_on": "31.02.1961", "wrong-stage": ""}, prefix="wrong")
    return {
        "outcomes": tuple(marks.OUTCOMES),
        "findings": [_finding(code) for code in marks.OUTCOMES],
        "open_rule": {**_finding("doctor"), "title": "May have a thrombosis", "asked": ("Is one leg swollen, warm or painful?",)},
        "families": FAMILY_NAMES,
        "tempos": tuple(marks.TEMPOS),
        "sides": tuple(marks.SIDES),
        "session_rows": _session_rows(),
        "dose": (10, 12, 14, 16, 18, 18, 18, 16, 14, 12),
        "notices": ("info", "success", "warning", "danger"),
        "button_kinds": ("primary", "secondary", "quiet", "danger"),
        "colours": (
            "ground",
            "surface",
            "sunk",
            "ink",
            "ink-soft",
            "line",
            "line-strong",
            "accent",
            "accent-tint",
            "beat",
            "rail",
            "focus",
        ),
        "themes": ("light", "dark"),
        "form": SampleForm(),
        "wrong_form": wrong,
        "questions": SampleQuestions(initial={"anticoagulant": "yes"}),
        "wrong_questions": SampleQuestions({"wrong-anticoagulant": "unknown"}, prefix="wrong"),
        **_lists(),
    }

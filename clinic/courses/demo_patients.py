"""Invented patients of the demo: no name, telephone or record here belongs to anybody. Dates count back from the day of seeding."""

from typing import Final

from clinic.courses.demo_entries import DemoCourse, DemoPatient
from clinic.courses.demo_stories import FINISHED, REFERRAL, RUNNING

DRAFTS: Final = (
    DemoPatient(
        "Kowalska", "Irena", "female", 66,
        has={"medicine.anticoagulant": True, "history.varicose-zones": [{"zone": "thigh-posterior", "side": "left"}]},
        course=DemoCourse("osteochondrosis-lumbar", "remission", 10, {"pain_nrs": 2}),
        notes="Prefers mornings; comes with the 9:10 bus.",
    ),
    DemoPatient(
        "Соколова", "Дарья", "female", 15, middle_name="Игоревна", language="ru", guardian_name="Соколов Игорь",
        course=DemoCourse(
            "scoliosis", "degree-2", 12,
            {"curve_shape": "s", "convex_side": "right", "lumbar_convex_side": "left", "cobb_degrees": 19},
            is_asked_today=True, fate="returned",
        ),
        papers=REFERRAL,
    ),
    DemoPatient(
        "Hoffmann", "Jonas", "male", 38,
        course=DemoCourse("neck-collar", "calming", 10, {"main_complaint": "poor-sleep", "arousal_goal": "calm"}, is_asked_today=True,
                          fate="awaiting"),
        papers=REFERRAL,
    ),
    DemoPatient(
        "Лебедев", "Пётр", "male", 52, middle_name="Андреевич", language="ru",
        has={"history.hypertension-known": True, "history.hypertension-stage": 1, "medicine.antihypertensive": True},
        course=DemoCourse("osteochondrosis-cervical", "subacute", 10, {"affected_side": "right", "pain_nrs": 4}),
    ),
    DemoPatient(
        "Brandt", "Lukas", "male", 9, guardian_name="Katrin Brandt",
        has={"history.lung-disease": True, "history.asthma": True},
        course=DemoCourse("bronchial-asthma", "between-attacks-child", 12, is_asked_today=True), papers=REFERRAL,
    ),
    DemoPatient(
        "Moreau", "Claire", "female", 59,
        has={"history.lung-disease": True, "history.product-allergy": ["nut", "perfume"]},
        course=DemoCourse("chronic-bronchitis", "remission-productive", 12, {"sputum": True}),
    ),
    DemoPatient(
        "Novák", "Tomáš", "male", 44,
        course=DemoCourse("constipation", "spastic", 10, {"form": "spastic"}, is_asked_today=True, fate="question"), papers=REFERRAL,
    ),
    DemoPatient(
        "Ахметова", "Лейла", "female", 33, language="ru", unknown=("history.night-sweats",),
        course=DemoCourse("neurasthenia", "irritable-weakness", 12, {"form": "irritable-weakness"}),
    ),
    DemoPatient(
        "Lindqvist", "Maja", "female", 71,
        has={"history.osteoporosis": True, "history.implant-zones": [{"zone": "hip", "side": "right"}]},
        course=DemoCourse("osteoarthritis", "remission", 10, {"affected_side": "left", "region": "knee", "pain_nrs": 3}),
        asks="She walks with a stick since the operation. May the other knee be worked as well?",
    ),
    DemoPatient(
        "Григорьев", "Максим", "male", 29, language="ru",
        course=DemoCourse("preventive-massage", "physical-fatigue", 6, {"fatigue_type": "physical"}, is_asked_today=True),
    ),
    DemoPatient(
        "Rossi", "Elena", "female", 47, has={"history.thrombosis-active": True, "history.thrombosis-limb": ["lower-limb"]},
        course=DemoCourse("preventive-massage", "general", 10, {"fatigue_type": "none"}),
    ),
    DemoPatient(
        "Öztürk", "Deniz", "male", 41,
        course=DemoCourse("osteochondrosis-thoracic", "acute", 6, {"pain_nrs": 7, "days_since_onset": 3}),
    ),
    DemoPatient("Фёдорова", "Нина", "female", 63, middle_name="Павловна", language="ru", has={"history.diabetes": True}, intake="open"),
    DemoPatient("Okafor", "Samuel", "male", 36, intake="open"),
    DemoPatient("Jansen", "Pieter", "male", 57, intake="none"),
)  # fmt: skip
PATIENTS: Final = (*DRAFTS, *RUNNING, *FINISHED)

"""Invented patients of the demo whose courses run or are finished: what was planned, given and felt, back from the day of seeding."""

from typing import Final

from clinic.courses.demo_entries import DemoCourse, DemoPatient, Story

REFERRAL: Final = {"doctor-referral": ()}

RUNNING: Final = (
    DemoPatient(
        "Schubert", "Helga", "female", 54, papers=REFERRAL, notes="Lies badly on the left side: a pillow under the knee.",
        course=DemoCourse(
            "osteochondrosis-lumbar", "remission", 12, {"pain_nrs": 3},
            story=Story(5, last=2, pain=(3, 1), notes={1: "Warm through at once.", 4: "Slept through the night before."}),
            fate="suspended",
        ),
    ),
    DemoPatient(
        "Зайцева", "Ольга", "female", 48, middle_name="Викторовна", language="ru", papers=REFERRAL,
        likes="Тёплое полотенце на стопы, тишина, масло без запаха.",
        course=DemoCourse(
            "osteochondrosis-cervical", "remission", 12, {"pain_nrs": 3}, is_asked_today=True,
            story=Story(7, last=3, pain=(3, 1), hurts=dict.fromkeys((6, 7), ("trapezius-upper", "right"))),
        ),
    ),
    DemoPatient(
        "Bauer", "Finn", "male", 14, guardian_name="Petra Bauer", papers=REFERRAL,
        course=DemoCourse(
            "scoliosis", "degree-1", 12, {"curve_shape": "c", "convex_side": "left", "cobb_degrees": 8},
            story=Story(4, last=1, pain=(2, 1), bad=(4,), notes={4: "Headache on the way home; his mother rang."}),
        ),
    ),
    DemoPatient(
        "Fischer", "Karin", "female", 35,
        course=DemoCourse("neck-collar", "tension-headache", 8, {"main_complaint": "headache", "headache_days_week": 3},
                          is_asked_today=True, story=Story(3, last=2, pain=(6, 4))),
        papers=REFERRAL,
    ),
    DemoPatient(
        "Nowak", "Zofia", "female", 62, has={"history.lung-disease": True}, papers=REFERRAL, whose="irina",
        course=DemoCourse("pneumonia", "convalescence", 12, story=Story(6, last=2, pain=(2, 0), missed=(4,))),
    ),
    DemoPatient(
        "Кузнецов", "Андрей", "male", 58, middle_name="Ильич", language="ru", has={"history.lung-disease": True},
        papers=REFERRAL, whose="henrik",
        course=DemoCourse("emphysema", "stable", 11, story=Story(2, last=3, pain=(1, 1)), fate="paused"),
    ),
    DemoPatient(
        "Eriksen", "Nora", "female", 27, papers=REFERRAL,
        course=DemoCourse(
            "irritable-bowel", "constipation-dominant", 11, {"form": "constipation"}, is_asked_today=True,
            story=Story(5, last=2, pain=(4, 2), missed=(3,)),
        ),
    ),
    DemoPatient(
        "Vogel", "Markus", "male", 45, papers=REFERRAL,
        course=DemoCourse(
            "joint-stiffness", "standard", 15,
            {
                "affected_side": "right", "region": "shoulder", "end_feel": "firm",
                "short_muscles": [{"zone": "pectoral", "side": "right"}], "weak_muscles": [{"zone": "deltoid", "side": "right"}],
            },
            story=Story(
                8, last=1, pain=(6, 3), bad=(3,),
                notes={3: "Sore until the next evening; lighter from here on.", 6: "Arm above the head again."},
            ),
        ),
    ),
    DemoPatient(
        "Ковалёва", "Ирина", "female", 39, language="ru", papers=REFERRAL, whose="greta",
        course=DemoCourse("facial-palsy", "contracture-synkinesis", 13, {"affected_side": "left"}, story=Story(4, last=2, pain=(2, 1))),
    ),
    DemoPatient(
        "Haas", "Sophie", "female", 31, likes="No talking; the window open a little.",
        course=DemoCourse("preventive-massage", "occupational", 10, {"fatigue_type": "occupational"}, is_asked_today=True,
                          story=Story(6, last=2, pain=(3, 1))),
    ),
)  # fmt: skip

FINISHED: Final = (
    DemoPatient(
        "Keller", "Ruth", "female", 57, papers=REFERRAL, whose="irina",
        course=DemoCourse("osteochondrosis-thoracic", "remission", 8, {"pain_nrs": 3}, story=Story(8, last=12, pain=(3, 0), missed=(5,))),
    ),
    DemoPatient(
        "Морозова", "Анна", "female", 42, language="ru", papers=REFERRAL, whose="greta",
        course=DemoCourse("neurasthenia", "hyposthenic", 8, {"form": "hyposthenic"}, story=Story(8, last=20, pain=(4, 2))),
    ),
    DemoPatient(
        "Richter", "Paul", "male", 23, whose="henrik",
        course=DemoCourse("preventive-massage", "physical-fatigue", 6, {"fatigue_type": "physical"}, story=Story(6, last=9, pain=(3, 0))),
    ),
    DemoPatient(
        "Costa", "Marta", "female", 50, papers=REFERRAL,
        course=DemoCourse(
            "chronic-gastritis", "hypersecretory", 8, {"secretion": "high"}, story=Story(5, last=15, pain=(4, 1)), fate="ended",
        ),
    ),
    DemoPatient(
        "Weiß", "Johann", "male", 68, papers=REFERRAL, whose="irina", comes_again=True,
        course=DemoCourse(
            "osteoarthritis", "remission", 8, {"affected_side": "right", "region": "hip", "pain_nrs": 3},
            story=Story(8, last=30, pain=(3, 1)),
        ),
    ),
)  # fmt: skip

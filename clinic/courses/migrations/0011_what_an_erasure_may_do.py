from django.db import migrations

from clinic.audit.append_only import AppendOnly
from clinic.audit.letting_erasing import LetErasing


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0005_what_an_erasure_may_do"),
        ("courses", "0010_how_courses_went_to_another_edition"),
    ]

    operations = [
        LetErasing({
            "SessionRecord": AppendOnly(name="a_record_is_never_changed", goes=True),
            "SessionMove": AppendOnly(name="a_move_of_a_session_is_never_changed", goes=True),
            "Consent": AppendOnly(name="a_consent_is_never_changed", goes=True),
            "ConsentWithdrawal": AppendOnly(name="a_withdrawal_is_never_changed", goes=True),
            "CourseMove": AppendOnly(name="a_move_of_a_course_is_never_changed", goes=True),
            "ScreeningRecord": AppendOnly(name="a_screening_is_never_changed", goes=True),
            "PlanEdit": AppendOnly(name="a_change_by_hand_is_never_changed", goes=True),
            "RuleOverride": AppendOnly(name="an_override_is_never_changed", goes=True),
            "MeasureValue": AppendOnly(name="a_value_is_never_changed", goes=True),
            "BodyChart": AppendOnly(name="a_body_chart_is_never_changed", goes=True),
            "EditionMove": AppendOnly(name="a_move_to_an_edition_is_never_changed", goes=True),
            "SessionEvent": AppendOnly(name="an_event_is_never_changed", goes=True),
            "Addendum": AppendOnly(name="an_addendum_is_never_changed", goes=True),
            "NextDay": AppendOnly(name="an_answer_of_the_next_day_is_never_changed", goes=True),
            "Acknowledgement": AppendOnly(name="an_acknowledgement_is_never_changed", goes=True),
            "AdaptationChoice": AppendOnly(name="a_choice_is_never_changed", goes=True),
        }),
    ]

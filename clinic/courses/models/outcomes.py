"""What is measured of a patient in a course, and what is marked on the body."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinic.audit.append_only import AppendOnly
from clinic.courses.models.courses import Course
from clinic.courses.models.sessions import Session


class MeasureValue(models.Model):
    """One value of a measure of the library on one day. A correction is a new row that ``replaces`` the old one, with its reason."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="measure_values")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+", null=True)
    measure = models.CharField(max_length=60)
    side = models.CharField(max_length=5, blank=True)  # "" | left | right
    value = models.DecimalField(max_digits=7, decimal_places=2, null=True)  # None where the measure is compared by eye
    words = models.TextField(blank=True)
    moment = models.CharField(max_length=16)  # one of the measure's "when"
    measured_on = models.DateField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)
    reason = models.TextField(blank=True)
    edition = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["measured_on", "pk"]
        indexes: ClassVar = [models.Index(fields=["course", "measure", "measured_on"], name="values_of_a_course")]
        constraints: ClassVar = [
            AppendOnly(name="a_value_is_never_changed", goes=True),
            models.CheckConstraint(condition=Q(side__in=("", "left", "right")), name="a_value_is_of_a_known_side"),
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(words=""), name="a_value_is_a_number_or_words"),
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(reason=""), name="a_corrected_value_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.measure} of course {self.course_id}"


class BodyChart(models.Model):
    """The patient's body as it was marked on one day; a chart drawn anew is a new row. ``marks``: [{"zone", "side", "kind", "level",
    "note"}], kind one of ``MarkKind``, level 0-10 or None."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="body_charts")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+", null=True)
    marks = models.JSONField(default=list)
    drawn_on = models.DateField()
    edition = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["drawn_on", "pk"]
        constraints: ClassVar = [AppendOnly(name="a_body_chart_is_never_changed", goes=True)]

    def __str__(self) -> str:
        return f"#{self.pk} body chart of course {self.course_id}"

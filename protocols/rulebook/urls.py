"""Addresses of the rulebook."""

from django.urls import path

from protocols.rulebook.views import course, own, rules, trying

app_name = "rulebook"
RULES = "own-rules/<int:pk>/"
RULE = f"{RULES}<slug:code>/"
CASE = f"{RULE}cases/<slug:kind>/<int:number>/"
COURSE = "own-course-rules/<int:pk>/"
urlpatterns = [
    path("rules/<str:code>/try/", trying.try_rule, name="try"),
    path(RULES, rules.rules, name="rules"),
    path(f"{RULES}new/", own.new, name="own-new"),
    path(RULE, rules.rule, name="rule"),
    path(f"{RULE}stricter/", rules.stricter, name="stricter"),
    path(f"{RULE}effects/<slug:kind>/", rules.add_effect, name="add-effect"),
    path(f"{RULE}effects/<int:number>/drop/", rules.drop_effect, name="drop-effect"),
    path(f"{RULE}take-back/", rules.take_back, name="take-back"),
    path(f"{RULE}edit/", own.edit, name="own-edit"),
    path(f"{RULE}cases/keep/", own.keep_case, name="keep-case"),
    path(f"{CASE}mend/", own.mend_case, name="mend-case"),
    path(f"{CASE}drop/", own.drop_case, name="drop-case"),
    path(COURSE, course.course_rules, name="course-rules"),
    path(f"{COURSE}<slug:section>/", course.save, name="course-save"),
    path(f"{COURSE}<slug:section>/take-back/", course.take_back, name="course-take-back"),
]

"""Addresses of variants and of the pages that change one."""

from django.urls import URLPattern, path

from protocols.editor.views import profiles, stages, steps, texts, whole

app_name = "variants"
VARIANT = "variants/<int:pk>/"
STAGE = f"{VARIANT}stages/<str:stage>/"
urlpatterns: list[URLPattern] = [
    path("variants/", whole.variants, name="list"),
    path("variants/begin/", whole.begin, name="begin"),
    path(VARIANT, whole.variant, name="variant"),
    path(f"{VARIANT}history/", whole.history, name="history"),
    path(f"{VARIANT}send/", whole.submit, name="submit"),
    path(f"{VARIANT}restore/", whole.move, {"way": "restore"}, name="restore"),
    path(f"{VARIANT}discard/", whole.move, {"way": "discard"}, name="discard"),
    path(f"{VARIANT}bring-back/", whole.move, {"way": "bring-back"}, name="bring-back"),
    path(f"{VARIANT}withdraw/", whole.move, {"way": "withdraw"}, name="withdraw"),
    path(f"{VARIANT}texts/", texts.of_condition, name="texts"),
    path(f"{VARIANT}mixes/", profiles.profiles, name="profiles"),
    path(f"{VARIANT}mixes/<str:code>/", profiles.profile, name="profile"),
    path(f"{VARIANT}mixes/<str:code>/remove/", profiles.remove, name="profile-remove"),
    path(STAGE, stages.stage, name="stage"),
    path(f"{STAGE}texts/", texts.of_stage, name="texts-of-stage"),
    path(f"{STAGE}steps/", steps.steps, name="steps"),
    path(f"{STAGE}steps/add/", steps.add, name="step-add"),
    path(f"{STAGE}steps/<int:number>/", steps.change, name="step-change"),
    path(f"{STAGE}steps/<int:number>/up/", steps.move, {"way": "up"}, name="step-up"),
    path(f"{STAGE}steps/<int:number>/down/", steps.move, {"way": "down"}, name="step-down"),
    path(f"{STAGE}steps/<int:number>/out/", steps.move, {"way": "out"}, name="step-out"),
    path(f"{STAGE}<str:section>/", stages.save, name="save"),
    path(f"{STAGE}<str:section>/<int:number>/remove/", stages.remove_row, name="remove-row"),
]

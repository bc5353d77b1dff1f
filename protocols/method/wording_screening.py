"""English sentences of the reasons that a screening gives, by reason code; names in braces are what the reason is about."""

from collections.abc import Mapping

SENTENCES_SCREENING: Mapping[str, str] = {
    # Limits
    "rule-excludes-zone": "Not worked: {rule}.",
    "rule-leaves-only-zones": "Only a few zones may be worked: {rule}.",
    "rule-marks-spot": "The marked spot is left out, the zone around it is worked: {rule}.",
    "rule-excludes-family": "No {family}: {rule}.",
    "rule-excludes-technique": "No {technique}: {rule}.",
    "rule-excludes-supplement": "Not as a supplement: {rule}.",
    "rule-caps-pressure": "Pressure {level} at most: {rule}.",
    "rule-caps-minutes": "{minutes} minutes at most: {rule}.",
    "rule-forces-calm": "Calm work only: {rule}.",
    "rule-forbids-position": "Not in this position ({position}): {rule}.",
    "rule-allows-other-positions": "Another position than {position} is needed: {rule}.",
    "rule-lowers-dose": "The dose goes {steps} step back: {rule}.",
    "fact-bars-technique": "No {technique}: {fact}",
    "fact-bars-supplement": "No {supplement}: {fact}",
    "age-bars-supplement": "{supplement} is for ages {from_age} to {to_age}.",
    "stage-forbids-supplement": "This supplement is forbidden at this stage ({stage}).",
    "unknown-leaves-zones-out": "Left out until this is answered: {fact}",
    "barred-by-referral": "Left out: the referral bars it.",
    "consent-withdrawn": "Left out: the patient has withdrawn consent.",
    "referral-caps-pressure": "Pressure {level} at most: the referral allows no more.",
    "consent-caps-pressure": "Pressure {level} at most: the patient consents to no more.",
    "barred-zone-supplement": "No {supplement}: a zone is barred, and where this would be done is not recorded.",
    # What is in the way
    "fact-unanswered": "Must be answered first: {fact}",
    "rule-open": "Undecided until this is answered: {fact} ({rule})",
    "exclusion-unknown": "Which zones? Must be answered first: {fact} ({rule})",
    "measure-missing": "Must be measured first: {fact} ({rule})",
    "rule-in-the-way": "In the way: {rule}.",
    "rule-broken": "The rule {rule} could not be evaluated; nobody is massaged on an unread rule.",
    "document-missing": "A document is missing: {document}.",
    "document-silent": "The document {document} does not name the rule {rule}.",
    "document-expired": "The document {document} is older than {days} days.",
    "document-fallen": "The document {document} lost its force when health changed.",
    "document-dated-ahead": "The document {document} is dated after this session.",
    "stage-barred": "No massage at this stage ({stage}).",
}

# The library has no neighbour table: the zone is out, and the advice names the distance (README, "Zones, sides, roles").
MARGIN_ADVICE: Mapping[str, str] = {
    "adjacent": "Keep at least 5 cm away from the place, also in the zones next to it.",
    "2-cm": "Keep 2 cm away all round the marked spot.",
}

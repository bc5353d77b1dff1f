"""Who may open what a clinic makes of the library: variants, cases, rules, editions, packs, and courses by edition."""

from tests.trust.access_bench import BENCH_ROWS, BENCH_THINGS
from tests.trust.access_editions import EDITIONS_ROWS, EDITIONS_THINGS
from tests.trust.access_editor import EDITOR_ROWS, EDITOR_THINGS
from tests.trust.access_packs import PACKS_ROWS, PACKS_THINGS
from tests.trust.access_publish import PUBLISH_ROWS, PUBLISH_THINGS
from tests.trust.access_rulebook import RULEBOOK_ROWS, RULEBOOK_THINGS

OWN_LIBRARY_THINGS = BENCH_THINGS | EDITIONS_THINGS | EDITOR_THINGS | PACKS_THINGS | PUBLISH_THINGS | RULEBOOK_THINGS
OWN_LIBRARY_ROWS = BENCH_ROWS | EDITIONS_ROWS | EDITOR_ROWS | PACKS_ROWS | PUBLISH_ROWS | RULEBOOK_ROWS

"""What ``manage.py mutate_method`` runs: tests of the method against one small change of it at a time, in processes that live once.

``hot`` changes a function where it lives: everything is imported and collected once, each change is made in a fork, by giving the
function another code. That is fast, but what was computed at import stays unchanged. ``fresh`` imports everything anew with the changed
file, for changes outside functions and for all that ``hot`` did not notice. Whatever neither notices has survived.
"""

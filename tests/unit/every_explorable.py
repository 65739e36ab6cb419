"""Every explorable that there is, for the tests of what all of them do."""

from dropoutlab import explorables

EVERY = [
    kind
    for name in explorables.__all__
    if isinstance(kind := getattr(explorables, name), type)
    and issubclass(kind, explorables.Explorable)
    and kind is not explorables.Explorable
]

"""What ``{explorable}`` offers on a page that is no notebook."""

from every_explorable import EVERY

from dropoutlab_book.explorable_directive import offered


def test_every_explorable_is_offered_and_nothing_that_needs_arguments():
    assert set(offered().values()) == set(EVERY)
    assert not {"explore", "Explorable"} & set(offered())

"""The HTML that an output shows in a notebook, taken apart."""

from html.parser import HTMLParser


class Elements(HTMLParser):
    """Collects start tags with their attributes, and the text between."""

    def __init__(self, html):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def html(made):
    bundle = made._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle  # of a widget, with metadata
    return data["text/html"]

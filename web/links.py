"""The addresses that this city's letters carry, and what they stand for when they come back."""

from readmodel.links import Links
from web.context import WebContext


def links_of(context: WebContext) -> Links:
    return Links(context.settings.public_url, context.secret)

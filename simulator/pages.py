"""Pages for people: addresses and templates."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Page:
    """``handler(store, request, **path_arguments)`` answers ``methods`` at ``rule``."""

    rule: str
    handler: Callable
    methods: tuple = ("GET",)


def render(template, status=200, **values):
    """A template as an answer."""
    html = _TEMPLATES.get_template(template).render(**values)
    response = Response(html, status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

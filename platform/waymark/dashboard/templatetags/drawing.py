"""Coordinates in drawings: plain decimals, whatever the language of the page."""

from django import template

register = template.Library()


@register.filter
def coordinate(value: float, plus: float = 0) -> str:
    """*value* plus *plus* with at most one place and a decimal point."""
    return f"{float(value) + float(plus):.1f}".removesuffix(".0")

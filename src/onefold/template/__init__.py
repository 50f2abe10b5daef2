"""The template language of the format: text in, text with references out. Renders, and knows no SQL and no plan."""

from __future__ import annotations

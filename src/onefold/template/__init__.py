"""The template language of the format, rendered with a sandboxed Jinja2.

Takes the text of a template; returns text with a token in place of each reference. Knows no SQL and no plan.
"""

from __future__ import annotations

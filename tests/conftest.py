"""For all tests: no deadlines, which would measure the machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("onefold", deadline=None)
settings.load_profile("onefold")

"""What police, fire, park, department, agency and health bodies of the sample publish, mess by mess."""

from __future__ import annotations

from maker.desk import Desk

OTHERS: dict[str, object] = {}

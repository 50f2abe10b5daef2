"""The id rules of a project, from Python: rules made by hand about an id or a pair of ids.

Takes a project and its target. Returns rules, and changes the project's file of rules or the table in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.project.spec import IdRule, ProjectSpec
    from onefold.run.id_rules import GivenRule
    from onefold.run.target import Target

# Each call imports what it needs, as in `onefold.api`.
# ruff: noqa: PLC0415


@dataclass(frozen=True, repr=False)
class Rules(Short):
    """Rules that include or exclude ids and pairs of ids. The next run follows a change.

    Attributes:
        project: The project, as it was loaded: a rule that was added since is seen after loading it again.
        target: Where the table of rules is.

    >>> from onefold.project.spec import IdRule
    >>> project.rules.add([IdRule("user", "kiosk-1", "anonymous_id", reason="a kiosk in the shop")])[0].action
    'EXCLUDE'
    >>> onefold.load(".").rules
    Rules(rules=1)
    """

    project: ProjectSpec
    target: Target

    def _facts(self) -> dict[str, object]:
        """See `Short`."""
        return {"rules": len(self.in_file)}

    @property
    def in_file(self) -> tuple[IdRule, ...]:
        """The rules of the project's file of rules; none if there is no file."""
        return self.project.id_rules.rules if self.project.id_rules is not None else ()

    def in_table(self) -> tuple[IdRule, ...]:
        """The rules of the table in the database. Of several about one id or one pair, the latest.

        Raises:
            AccessError: If there is no such table.

        >>> table = project.rules.create_table()
        >>> project.rules.in_table()
        ()
        """
        from onefold.run.rule_file import rules_in_table

        return rules_in_table(self.project, self.target)

    def add(self, rules: Sequence[IdRule]) -> tuple[IdRule, ...]:
        """Add rules to the project's file of rules, which is made if there is none.

        Returns:
            What was added, dated.

        Raises:
            UsageError: With everything that is wrong with any of them; none is added.
            AccessError: If the file cannot be written.

        >>> from onefold.project.spec import IdRule
        >>> same_person = IdRule("user", "ada", "user_id", "ada@home", "user_id", action="INCLUDE")
        >>> len(project.rules.add([same_person]))
        1
        """
        from onefold.run.rule_file import add_to_file

        return add_to_file(self.project, rules)

    def add_given(self, rules: Sequence[GivenRule]) -> int:
        """Add rules that are texts, to the file of rules if there is one, otherwise to the table. Returns how many.

        Raises:
            UsageError: With everything that is wrong with any of them; none is added.
            AccessError: If the file or the table cannot be written.

        >>> from onefold.run.id_rules import GivenRule
        >>> table = project.rules.create_table()
        >>> kiosk = {"entity": "user", "id1": "kiosk-1", "id1_type": "anonymous_id", "action": "EXCLUDE"}
        >>> project.rules.add_given([GivenRule(kiosk)])
        1
        """
        from onefold.run.id_rules import add_rules

        return add_rules(self.project, self.target, rules)

    def remove(self, about: IdRule) -> tuple[IdRule, ...]:
        """Remove the rule about an id, or about a pair of ids, from the file of rules. Returns what was removed.

        Raises:
            UsageError: If there is no such rule.
            AccessError: If the file cannot be written.

        >>> from onefold.project.spec import IdRule
        >>> kiosk = IdRule("user", "kiosk-1", "anonymous_id")
        >>> added = project.rules.add([kiosk])
        >>> onefold.load(".").rules.remove(kiosk)[0].id1
        'kiosk-1'
        """
        from onefold.run.rule_file import remove_from_file

        return remove_from_file(self.project, about)

    def create_table(self, name: str | None = None) -> str:
        """Make the table of rules if there is none. Returns its name.

        Raises:
            AccessError: If it cannot be made.

        >>> project.rules.create_table()
        '"profiles".id_stitch_rules'
        """
        from onefold.run.id_rules import create_table

        return create_table(self.project, self.target, name)

    def import_table(self) -> tuple[IdRule, ...]:
        """Put the rules of the table into the file of rules. Returns those that the file did not have.

        Raises:
            UsageError: If one contradicts a rule of the file.
            AccessError: If the table cannot be read, or the file not written.

        >>> table = project.rules.create_table()
        >>> project.rules.import_table()
        ()
        """
        from onefold.run.rule_file import import_rules

        return import_rules(self.project, self.target)

    def export_table(self) -> tuple[str, int]:
        """Make the table from the file of rules now, as the next run does. Returns its name and its number of rules.

        Raises:
            UsageError: If there is no file, or the table has rules that the file does not have.
            AccessError: If the table cannot be written.

        >>> from onefold.project.spec import IdRule
        >>> added = project.rules.add([IdRule("user", "kiosk-1", "anonymous_id")])
        >>> onefold.load(".").rules.export_table()
        ('"profiles".id_stitch_rules', 1)
        """
        from onefold.run.rule_file import export_rules

        return export_rules(self.project, self.target)

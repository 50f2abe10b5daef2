"""Modules import each other in one direction, also where an import is only for types."""

from __future__ import annotations

import grimp

ACCEPTED = {
    frozenset({"onefold.identity.native.edge_table", "onefold.identity.read.edge_evidence"}),
    frozenset({"onefold.identity.native.id_table", "onefold.identity.read.encode"}),
}
"""A compiled table and its plain twin: each is a way to do what the other does."""


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Whoever reads a module can read what it imports first."""
    graph = grimp.build_graph("onefold")
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert cycles(imports) - ACCEPTED == set()


def cycles(imports: dict[str, set[str]]) -> set[frozenset[str]]:
    """The groups of modules in which each imports each other, directly or by way of others."""
    reached = {module: reachable(imports, module) for module in imports}
    groups = (frozenset(o for o in found if module in reached.get(o, ())) for module, found in reached.items())
    return {group for group in groups if len(group) > 1}


def reachable(imports: dict[str, set[str]], module: str) -> set[str]:
    """What a module imports, directly or by way of others."""
    found: set[str] = set()
    left = [module]
    while left:
        new = imports.get(left.pop(), set()) - found
        found |= new
        left += new
    return found

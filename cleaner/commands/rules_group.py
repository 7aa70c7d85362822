"""`cleaner rules` as a group whose commands are imported when one of them is called: cleaning needs none of them."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup


class RulesGroup(TyperGroup):
    """Stands for `rules_cli.rules_app`."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands."""
        return _loaded().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None if there is none."""
        return _loaded().get_command(ctx, cmd_name)


def _loaded() -> TyperGroup:
    from cleaner.commands.rules import rules_app

    return typer.main.get_group(rules_app)


rules_group = typer.Typer(cls=RulesGroup, add_completion=False, no_args_is_help=True, help="List, show, check, try and write rules.")

"""`flask guards`: every route with its guard, for auditors and for the house tests."""

import json
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext


def routes(app: Flask) -> list[dict[str, Any]]:
    """Each method of each rule with guard, permission, the kind of object it opens, whether it wants a fresh proof."""
    found = []
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "__guard__", None)
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            found.append(
                {
                    "method": method,
                    "rule": rule.rule,
                    "endpoint": rule.endpoint,
                    "guard": guard.kind if guard else None,
                    "permission": guard.permission if guard else None,
                    "object": guard.reaches if guard else None,
                    "fresh": guard.fresh if guard else None,
                    "task": guard.task if guard else None,
                }
            )
    return sorted(found, key=lambda route: (route["rule"], route["method"]))


@click.command("guards")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@with_appcontext
def guards(as_json: bool) -> None:
    """List method, rule, guard and object kind of every route."""
    listed = routes(current_app)
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for route in listed:
        need = route["guard"] + (f":{route['permission']}" if route["permission"] else "")
        click.echo(f"{route['method']:5} {route['rule']:55} {need:40} {route['object'] or '-'}")

"""souffleur conformance: runs cases of carrier behaviour against the local network."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option("--only", default="", help="Only the cases whose id contains this.")
def command(file: Path, as_json: bool, only: str) -> None:
    """Run the cases of FILE (pages, a caller's deeds, what must come of them) and print every difference.

    Cases that say exec false (checked by other means) or are disputed are run too, but never counted as failed.
    Exit code 1 when a case failed.
    """
    from ivr.simulator.conformance import judge_all

    data = json.loads(file.read_text("utf-8"))
    cases = [case for case in (data["cases"] if isinstance(data, dict) else data) if only in str(case.get("id"))]
    verdicts = list(judge_all(cases))
    failed = [verdict for verdict in verdicts if verdict.failed]
    passed = [verdict for verdict in verdicts if verdict.passed]
    beside = [verdict for verdict in verdicts if not verdict.passed and not verdict.failed]
    if as_json:
        told = {
            "passed": len(passed),
            "failed": len(failed),
            "not_counted": len(beside),
            "cases": [
                {"id": one.id, "passed": one.passed, "counts": one.counts, "differences": one.differences}
                for one in verdicts
            ],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for verdict in [*failed, *beside]:
            mark = "FAILED" if verdict.failed else "differs (not counted)"
            click.echo(f"{mark} {verdict.id}")
            for difference in verdict.differences:
                click.echo(f"    {difference}")
        click.echo(f"{len(passed)} passed, {len(failed)} failed" + (f" ({len(beside)} not counted)" if beside else ""))
    raise SystemExit(1 if failed else 0)

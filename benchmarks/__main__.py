"""`./run bench [NAME] [--json]`: the measures against their goals."""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
AIDS = frozenset({"__main__", "catalogue", "hello", "peers", "rounds", "stored", "workload"})
NAMES = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in AIDS)


def main() -> int:
    """One array on standard output, or a table; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=NAMES, help="which; all of them if left out")
    parser.add_argument("--json", action="store_true", help="one JSON array")
    asked = parser.parse_args()
    results: list[dict[str, Any]] = []
    for name in [asked.name] if asked.name else NAMES:
        module = import_module(f"benchmarks.{name}")
        results += module.measure()
        for about, said in getattr(module, "SAYS", {}).items():
            print(f"{about}: {said}", file=sys.stderr)
    print(json.dumps(results, ensure_ascii=False, indent=1) if asked.json else _table(results))
    return 0 if all(result["holds"] for result in results) else 1


def _table(results: list[dict[str, Any]]) -> str:
    lines = [f"{'measure':<32}{'ours':>12}{'peer':>12}{'ratio':>10}{'goal':>8}  holds"]
    for one in results:
        peer = "-" if one["peer"] is None else f"{one['peer']:.4g}"
        lines.append(
            f"{one['measure']:<32}{one['ours']:>12.4g}{peer:>12}{one['ratio']:>10.4g}{one['goal']:>8}"
            f"  {'yes' if one['holds'] else 'NO'}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

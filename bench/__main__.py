"""All measurements, or those that are named: ``python -m bench [turns] [bot] [launches] [pages]``.

``python -m bench figures`` and ``python -m bench exports`` stand alone: they take half an hour and
some minutes.

Each prints its figures as JSON; the exit code is 1 if one of them misses its target.
"""

import sys

from bench import bot, exports, figures, launches, pages, turns

MEASUREMENTS = {
    "turns": turns.main,
    "bot": bot.main,
    "launches": launches.main,
    "pages": pages.main,
}


def main() -> int:
    """Run what is asked for, in order."""
    alone = {"figures": figures.main, "exports": exports.main}
    if sys.argv[1:2] and sys.argv[1] in alone:
        return alone[sys.argv[1]]()
    chosen = sys.argv[1:] or list(MEASUREMENTS)
    if unknown := set(chosen) - set(MEASUREMENTS):
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}")
        return 2
    return max(MEASUREMENTS[name]() for name in chosen)


if __name__ == "__main__":
    sys.exit(main())

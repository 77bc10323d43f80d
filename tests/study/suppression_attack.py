"""What an attacker does with published counts: lists every table that agrees with them."""

from collections import defaultdict
from collections.abc import Iterator

from study.suppression_crosstab import Crosstab

STANCES = ("1", "2", "3", "4", "5", "cant_say")


def table(*counts: int) -> dict[str, int]:
    """Counts by stance."""
    return dict(zip(STANCES, counts, strict=False))


def people(*lines: tuple[int, ...]) -> dict[str, dict[str, int]]:
    """Counts by row and stance."""
    return {f"r{i}": table(*line) for i, line in enumerate(lines)}


def splits(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """All ways to put ``total`` people into ``cells`` cells."""
    if cells == 1:
        yield (total,)
        return
    for n in range(total + 1):
        for rest in splits(total - n, cells - 1):
            yield (n, *rest)


def feasible(published: Crosstab[str, str], total: int) -> list[tuple[int, ...]]:
    """All tables of ``total`` people that agree with every published figure."""
    rows, columns = list(published.rows), list(published.columns)

    def lines(row: str) -> list[tuple[int, ...]]:
        known = published.rows[row].value
        sums = range(total + 1) if known is None else [known]
        return [
            line
            for n in sums
            for line in splits(n, len(columns))
            if all(
                published.cells[row, c].value in (None, x)
                for c, x in zip(columns, line, strict=True)
            )
        ]

    found: dict[tuple[int, ...], list[tuple[int, ...]]] = {(0,) * len(columns): [()]}
    for row in rows:
        grown = defaultdict(list)
        for line in lines(row):
            for sums, tables in found.items():
                new = tuple(a + b for a, b in zip(sums, line, strict=True))
                if sum(new) <= total:
                    grown[new].extend((*t, *line) for t in tables)
        found = grown
    return [
        table
        for sums, tables in found.items()
        if sum(sums) == total
        and all(published.columns[c].value in (None, n) for c, n in zip(columns, sums, strict=True))
        for table in tables
    ]

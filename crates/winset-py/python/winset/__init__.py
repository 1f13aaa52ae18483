"""winset: what duty is owed and why, what a tariff does, what can be signed.

Rates are fractions (0.24 is 24 per cent) but where a name ends in ``_pct``; money is in units of its currency but where a
name ends in ``_busd`` (billion USD a year). Days are ``datetime.date`` or texts such as ``"2025-04-16"``; countries are ISO
3166 codes. A question of law has two days: the entry date, and the day as of which acts count (``known_on``; without it all
acts in the data count).
"""

from __future__ import annotations

from ._tables import as_given, count
from ._winset import (
    Brief,
    Component,
    Dossier,
    Duty,
    Economy,
    Equilibrium,
    Error,
    Fee,
    InputError,
    Job,
    Law,
    LawError,
    Need,
    SolveError,
    Step,
    Strategy,
    Table,
    __version__,
    assess_items,
    duty,
    rates,
)
from ._winset import assess as _assess

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from typing import Any

    from ._winset import ArrowTable, Progress

__all__ = [
    "Brief",
    "Component",
    "Dossier",
    "Duty",
    "Economy",
    "Equilibrium",
    "Error",
    "Fee",
    "InputError",
    "Job",
    "Law",
    "LawError",
    "Need",
    "SolveError",
    "Step",
    "Strategy",
    "Table",
    "__version__",
    "assess",
    "assess_items",
    "duty",
    "rates",
]


def assess(
    table: ArrowTable,
    known_on: datetime.date | str | None = None,
    *,
    columns: str | Iterable[str] | None = None,
    threads: int | None = None,
    law: Law | None = None,
    progress: Progress | None = None,
) -> Any:
    """What is owed on every row of a table.

    ``table`` is anything with ``__arrow_c_stream__``; its values are read where they stand. What comes back is what was given:
    a Polars DataFrame for one of Polars, pandas for pandas, a PyArrow table for one and for a DuckDB relation, a
    ``winset.Table`` for anything else. It has one row for each row of the input, in its order, and in pandas its index.

    Read are the columns ``goods``, ``origin``, ``entry_date`` and ``value``, and where they are there ``id``, ``importer`` (else
    US), ``known_on``, ``loaded``, ``currency`` (else that of the importer), ``quantity``, ``unit``, ``content``
    (``steel=400;aluminum=0``), ``claims`` (``USMCA;KORUS``) and ``facts`` (``us_share=0.25;certified=auto_part``). Moments
    without a time zone count as their day; in ``id`` they keep their time.

    The answer has ``id``, ``total`` (not rounded), ``payable``, ``fees``, ``effective_rate`` (a fraction), ``components``,
    ``headings``, ``needs`` and ``error``. A row that cannot be answered says why under ``error``; it ends nothing. Amounts are
    ``DECIMAL(38,10)`` in the currency of the entry, fees in the importer's.

    ``known_on`` counts for rows that name no day; ``columns`` are those of the answer that are wanted, which saves time and
    memory, always in the order above; ``threads`` is how many work (every core); ``law`` is another law than
    that which ships; ``progress(what, done, total)`` is
    told about twenty times a second, ``total`` is ``None`` where the table does not say how long it is.

    Raises ``InputError`` for a column that is missing, stands twice or has a type that cannot be read.
    """
    answer = _assess(
        table, rows=count(table), known_on=known_on, columns=columns, threads=threads, law=law, progress=progress
    )
    return as_given(answer, table)

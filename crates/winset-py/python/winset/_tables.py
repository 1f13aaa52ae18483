"""Tables come back as what the user has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._winset import Table


def count(table: Any) -> int | None:
    """How many rows there are, where the table knows."""
    try:
        return len(table)
    except TypeError:
        return None


def as_given(answer: Table, given: object) -> Any:
    """The answer as a table of the library that the given one is of."""
    library = type(given).__module__.split(".")[0].lstrip("_")
    if library == "polars":
        import polars

        return polars.DataFrame(answer)
    if library == "pandas":
        import pandas
        import pyarrow

        def exact(kind: pyarrow.DataType) -> pandas.ArrowDtype | None:
            # Without this every amount would become a Python object.
            return pandas.ArrowDtype(kind) if pyarrow.types.is_decimal(kind) else None

        return pyarrow.table(answer).to_pandas(types_mapper=exact)
    if library in ("pyarrow", "duckdb"):
        import pyarrow

        return pyarrow.table(answer)
    return answer

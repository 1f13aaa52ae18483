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


def readable(table: Any, needed: list[str], read: list[str]) -> Any:
    """The table as Arrow can hand it over.

    Of Polars those columns that are not read are left out, since one of a type of its own would make all of the table
    unreadable; a column without a type, which holds nothing but ``None``, is one of texts.
    """
    if type(table).__module__.split(".")[0] != "polars":
        return table
    import polars

    if not isinstance(table, polars.DataFrame):
        return table
    if read and all(any(name.strip() == column for name in table.columns) for column in needed):
        table = table.select(name for name in table.columns if name.strip().lower() in read)
    blank = [name for name, kind in table.schema.items() if kind == polars.Null or (read and name.strip() not in read)]
    # Arrow has no such integers; their digits say the same.
    wide = [name for name, kind in table.schema.items() if str(kind) in ("Int128", "UInt128") and name not in blank]
    return table.with_columns(
        *(polars.lit(None, dtype=polars.String).alias(name) for name in blank),
        *(polars.col(name).cast(polars.String) for name in wide),
    )


def as_given(answer: Table, given: Any) -> Any:
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

        frame = pyarrow.table(answer).to_pandas(types_mapper=exact)
        # pandas puts columns together by the labels of rows, wherever they stand.
        frame.index = given.index
        return frame
    if library in ("pyarrow", "duckdb"):
        import pyarrow

        return pyarrow.table(answer)
    return answer

"""Tables: the answers of the command, row for row, whatever library they come from."""

import datetime
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import winset


def same(answer, expected):
    """Equal in names, order, and every cell."""
    answer = pa.table(answer)
    assert answer.column_names == expected.column_names
    for name in expected.column_names:
        assert answer[name].to_pylist() == expected[name].to_pylist(), name
    for name in ("total", "payable", "fees"):
        assert answer.schema.field(name).type == expected.schema.field(name).type == pa.decimal128(38, 10)


def test_the_rows_cover_answers_needs_and_errors(assessed, entries):
    rows = assessed(entries).to_pylist()
    assert sum(row["error"] != "" for row in rows) >= 8
    assert sum(row["needs"] != "" for row in rows) >= 2
    assert sum((row["total"] or 0) > 0 for row in rows) >= 6


def test_pyarrow_comes_back_as_pyarrow(assessed, entries):
    answer = winset.assess(entries)
    assert isinstance(answer, pa.Table)
    same(answer, assessed(entries))


def test_columns_that_are_wanted_come_alone(assessed, entries):
    expected = assessed(entries)
    for columns in (["error", "total"], "total,error", ("total", "error")):
        answer = winset.assess(entries, columns=columns)
        assert answer.column_names == ["total", "error"]
        assert answer["total"].to_pylist() == expected["total"].to_pylist()
        assert answer["error"].to_pylist() == expected["error"].to_pylist()
    frame = winset.assess(entries.to_pandas(), columns=["payable"])
    assert list(frame.columns) == ["payable"]
    assert len(frame) == len(expected)
    with pytest.raises(winset.InputError, match="the answer has no column `totl`: write some of id,total,"):
        winset.assess(entries, columns=["totl"])
    with pytest.raises(TypeError):
        winset.assess(entries, columns=[1])


def test_polars_comes_back_as_polars(assessed, entries):
    answer = winset.assess(pl.from_arrow(entries))
    assert isinstance(answer, pl.DataFrame)
    assert answer.schema["total"] == pl.Decimal(38, 10)
    same(answer.to_arrow(), assessed(entries).cast(answer.to_arrow().schema))


def test_pandas_comes_back_as_pandas(assessed, entries):
    answer = winset.assess(entries.to_pandas())
    assert isinstance(answer, pd.DataFrame)
    back = pa.Table.from_pandas(answer, preserve_index=False)
    assert back.to_pylist() == assessed(entries).to_pylist()


def test_duckdb_comes_back_as_pyarrow(assessed, entries):
    relation = duckdb.connect().sql("select * from entries")
    answer = winset.assess(relation)
    assert isinstance(answer, pa.Table)
    same(answer, assessed(entries))


def test_anything_with_a_stream_comes_back_as_a_table(assessed, entries):
    class Given:
        def __arrow_c_stream__(self, requested_schema=None):
            return entries.__arrow_c_stream__(requested_schema)

    answer = winset.assess(Given())
    assert isinstance(answer, winset.Table)
    assert len(answer) == entries.num_rows and answer.column_names[0] == "id"
    same(answer, assessed(entries))
    assert answer.to_dict() == assessed(entries).to_pydict()


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("value", [Decimal("10000.50"), Decimal("-1.25"), None], pa.decimal128(20, 4)),
        ("value", [10000, 12, None], pa.int32()),
        ("value", [10000, 12, None], pa.uint64()),
        ("value", [10000.5, 0.1, None], pa.float64()),
        ("value", [10000.5, 0.1, float("inf")], pa.float32()),
        ("entry_date", [datetime.date(2025, 4, 16), datetime.date(2025, 7, 10), None], pa.date32()),
        ("id", [7, 8, None], pa.int64()),
        ("goods", [1, 2, 3], pa.int64()),
        ("claims", [None, None, None], pa.string()),
    ],
)
def test_columns_of_every_type_read_as_the_command_reads_them(assessed, column, values, kind):
    texts = {
        "id": ["a", "b", "c"],
        "goods": ["8481.80.90"] * 3,
        "origin": ["JP", "CN", "DE"],
        "entry_date": ["2025-04-16"] * 3,
        "value": ["1", "2", "3"],
    }
    table = pa.table(texts | {column: pa.array(values, kind)})
    same(winset.assess(table), assessed(table))


def test_codes_views_moments_and_empty_columns_are_the_same_entries():
    texts = pa.table(
        {"goods": ["8481.80.90"] * 3, "origin": ["JP", "CN", None], "entry_date": ["2025-04-16"] * 3, "value": ["100"] * 3}
    )
    expected = winset.assess(texts)
    moments = pa.array([datetime.datetime(2025, 4, 16, 9, 30)] * 3, pa.timestamp("us"))
    others = {
        "origin": [texts["origin"].dictionary_encode(), texts["origin"].cast(pa.string_view()), texts["origin"].cast(pa.large_string())],
        "entry_date": [moments, moments.cast(pa.timestamp("ns")), moments.cast(pa.date64(), safe=False)],
    }
    for name, columns in others.items():
        for column in columns:
            table = texts.set_column(texts.column_names.index(name), name, column)
            same(winset.assess(table), expected)
    same(winset.assess(texts.append_column("facts", pa.nulls(3))), expected)


def test_rows_of_many_batches_keep_their_order(assessed, entries):
    many = pa.concat_tables([entries] * 8000)
    expected = assessed(many)
    for threads in (1, 2, 5):
        same(winset.assess(many, threads=threads), expected)


def test_known_on_counts_for_rows_that_name_no_day(entries):
    row = {"goods": ["8703.23.01"] * 2, "origin": ["JP"] * 2, "entry_date": ["2025-07-10"] * 2, "value": [10000] * 2}
    table = pa.table(row | {"known_on": ["2025-08-30", None]})
    early, late = (winset.duty("8703.23.01", "JP", "2025-07-10", 10000, known_on=day) for day in ("2025-04-16", "2025-08-30"))
    assert winset.assess(table, known_on="2025-04-16")["total"].to_pylist() == [late.total, early.total]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pa.table({"goods": ["1"]}), "the table: no column `origin`"),
        (pa.table([["1"], ["2"], ["3"], ["4"], ["5"]], names=["goods", "origin", "entry_date", "value", "value"]), "two columns `value`"),
        (pa.table({"goods": ["1"], "origin": ["JP"], "entry_date": ["x"], "value": [[1]]}), "unsupported type"),
        ([1, 2], "`list` is none"),
        (pl.LazyFrame({"goods": ["1"]}), "`LazyFrame` is none"),
    ],
)
def test_a_table_that_does_not_fit_is_an_input_error(table, said):
    with pytest.raises(winset.InputError, match=said):
        winset.assess(table)


VALVE = {"goods": "8481.80.90", "origin": "JP", "entry_date": "2025-04-16", "value": 1_000}


def test_duties_stay_on_their_rows_in_pandas():
    frame = pd.DataFrame([{**VALVE, "value": value} for value in (3_000, 1_000, 2_000)], index=["c", "a", "b"])
    for given in (frame, frame.sort_values("value"), frame[frame["value"] > 1_000], frame.reset_index(), frame.iloc[:0]):
        given = given.copy()
        given["total"] = winset.assess(given)["total"]
        assert [float(total) for total in given["total"]] == [value * 0.12 for value in given["value"]]
    two = frame.set_index(["origin", "value"], drop=False)
    assert winset.assess(two).index.equals(two.index)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (pa.array([datetime.date(2025, 4, 16), None]), ["2025-04-16", "2"]),
        (pa.array([datetime.datetime(2025, 4, 16), datetime.datetime(2025, 4, 16, 10, 30)]), ["2025-04-16", "2025-04-16T10:30:00"]),
        (pa.array([1744799400_000_000_001, -1], pa.timestamp("ns")), ["2025-04-16T10:30:00.000000001", "1969-12-31T23:59:59.999999999"]),
        (pa.array([1744799400, None], pa.timestamp("s", "Asia/Tokyo")), ["2025-04-16T10:30:00Z", "2"]),
    ],
)
def test_days_and_moments_name_rows_as_they_are_read(names, said):
    answer = winset.assess(pa.Table.from_pylist([VALVE, VALVE]).append_column("id", names))
    assert answer["id"].to_pylist() == said


def test_days_of_a_file_name_rows_as_they_are_read(command, tmp_path):
    import pyarrow.parquet

    table = pa.Table.from_pylist([VALVE]).append_column("id", pa.array([datetime.date(2025, 4, 16)]))
    pa.parquet.write_table(table, tmp_path / "entries.parquet")
    command("assess", tmp_path / "entries.parquet", "--out", tmp_path / "duties.parquet")
    assert pa.parquet.read_table(tmp_path / "duties.parquet")["id"].to_pylist() == ["2025-04-16"]


def test_columns_that_are_not_read_are_left_alone_whatever_they_hold():
    frame = pl.DataFrame([VALVE]).with_columns(
        pl.lit(None).alias("note"),
        pl.lit(None).alias("claims"),
        pl.lit(1).cast(pl.Int128).alias("huge"),
        pl.lit(b"x").alias("bytes"),
        pl.struct(pl.lit(1).alias("a")).alias("group"),
    )
    assert winset.assess(frame)["total"].to_list() == [Decimal("120")]
    wide = frame.with_columns(pl.col("value").cast(pl.Int128))
    assert winset.assess(wide)["total"].to_list() == [Decimal("120")]
    with pytest.raises(winset.InputError, match="no column `goods` .there are: goodz, origin, entry_date, value, note, claims, huge"):
        winset.assess(frame.rename({"goods": "goodz"}))
    table = pa.Table.from_pylist([VALVE]).append_column("note", pa.nulls(1)).append_column("unit", pa.nulls(1))
    assert winset.assess(table)["total"].to_pylist() == [Decimal("120")]


def test_a_column_that_is_read_and_cannot_be_is_named():
    frame = pl.DataFrame([VALVE]).with_columns(pl.struct("value").alias("value"))
    with pytest.raises(winset.InputError, match="column `value` has an unsupported type .Struct"):
        winset.assess(frame)
    periods = pd.DataFrame([VALVE])
    periods["entry_date"] = pd.PeriodIndex(periods["entry_date"], freq="D")
    with pytest.raises(winset.InputError, match="column `entry_date` has an unsupported type .pandas.period"):
        winset.assess(periods)

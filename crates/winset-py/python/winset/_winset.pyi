import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeAlias, final

Day: TypeAlias = datetime.date | str
Amount: TypeAlias = Decimal | int | float | str
Shock: TypeAlias = ArrowTable | str | os.PathLike[str] | Sequence[Mapping[str, Any]]

class ArrowTable(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

class Progress(Protocol):
    def __call__(self, what: str, done: int, total: int | None, /) -> object: ...

__version__: str

class Error(Exception): ...

class InputError(Error):
    file: str | None
    line: int | None
    column: int | None
    problems: list[dict[str, Any]]

class LawError(Error): ...
class SolveError(Error): ...

@final
class Table:
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...
    def __len__(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def to_dict(self) -> dict[str, list[Any]]: ...

@final
class Component:
    @property
    def measure(self) -> str: ...
    @property
    def heading(self) -> str | None: ...
    @property
    def authority(self) -> str: ...
    @property
    def basis(self) -> Decimal: ...
    @property
    def rate(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def source(self) -> str: ...

@final
class Fee:
    @property
    def fee(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def source(self) -> str: ...

@final
class Need:
    @property
    def fact(self) -> str: ...
    @property
    def stated(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def total_if_yes(self) -> Decimal | None: ...

@final
class Step:
    @property
    def measure(self) -> str: ...
    @property
    def applied(self) -> bool: ...
    @property
    def because(self) -> str: ...
    @property
    def source(self) -> str: ...

@final
class Duty:
    @property
    def goods(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def importer(self) -> str: ...
    @property
    def on(self) -> datetime.date: ...
    @property
    def known_on(self) -> datetime.date | None: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def total(self) -> Decimal: ...
    @property
    def payable(self) -> Decimal: ...
    @property
    def effective_rate(self) -> Decimal | None: ...
    @property
    def components(self) -> list[Component]: ...
    @property
    def fees(self) -> list[Fee]: ...
    @property
    def needs(self) -> list[Need]: ...
    @property
    def refund(self) -> Decimal | None: ...
    @property
    def unasked(self) -> list[str]: ...
    @property
    def trace(self) -> list[Step]: ...
    def to_dict(self) -> dict[str, Any]: ...

@final
class Law:
    """Which law is meant, for ``duty``, ``assess``, ``rates`` and ``Job``; without one, that which ships for each importer.

    ``folder`` holds measure files instead of the law that ships (``winset measures export`` writes them), with ``schedule.csv``
    where the importer's does not ship; ``dossier`` is a folder or a built-in one, whose law it is with its own measures; one of
    the two. ``schedule`` is a table of the importer's schedule instead of the one that ships. ``readings`` say how questions that
    the law leaves open are read, by name (``winset measures list``). The texts are read when the law is first asked, and then kept.
    """

    def __new__(
        cls,
        folder: str | os.PathLike[str] | None = None,
        *,
        dossier: str | os.PathLike[str] | None = None,
        schedule: str | os.PathLike[str] | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> Law: ...

def duty(
    goods: str,
    origin: str,
    on: Day,
    value: Amount,
    known_on: Day | None = None,
    currency: str | None = None,
    quantity: Amount | None = None,
    unit: str | None = None,
    content: Mapping[str, Amount] | None = None,
    claims: str | Iterable[str] | None = None,
    facts: Mapping[str, bool | Amount] | None = None,
    importer: str = "US",
    loaded: Day | None = None,
    law: Law | None = None,
) -> Duty: ...
def assess(
    table: ArrowTable,
    *,
    rows: int | None = None,
    known_on: Day | None = None,
    columns: str | Iterable[str] | None = None,
    threads: int | None = None,
    law: Law | None = None,
    progress: Progress | None = None,
) -> Table: ...
def rates(
    origin: str | None = None,
    on: Day | None = None,
    *,
    from_: Day | None = None,
    to: Day | None = None,
    known_on: Day | None = None,
    by: Literal["origin", "sector", "chapter", "authority"] | None = None,
    importer: str = "US",
    trade: ArrowTable | None = None,
    trade_year: int | None = None,
    law: Law | None = None,
    progress: Progress | None = None,
) -> Table: ...

@final
class Equilibrium:
    @property
    def status(self) -> str: ...
    @property
    def residual(self) -> float: ...
    @property
    def iterations(self) -> int: ...
    @property
    def shock_steps(self) -> int: ...
    @property
    def elasticities(self) -> str: ...
    @property
    def structure(self) -> str: ...
    @property
    def regions(self) -> Table: ...
    @property
    def sectors(self) -> Table: ...
    @property
    def trade(self) -> Table: ...
    @property
    def flows(self) -> Table: ...
    @property
    def purchases(self) -> Table: ...
    def to_dict(self) -> dict[str, Any]: ...

@final
class Strategy:
    @property
    def converged(self) -> bool: ...
    @property
    def gradient(self) -> float: ...
    @property
    def starts(self) -> int: ...
    @property
    def agreeing(self) -> int: ...
    @property
    def regions(self) -> Table: ...
    @property
    def tariffs(self) -> Table: ...
    def to_dict(self) -> dict[str, Any]: ...

@final
class Economy:
    def __new__(cls, economy: str | os.PathLike[str]) -> Economy: ...
    @property
    def name(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def regions(self) -> list[str]: ...
    @property
    def sectors(self) -> list[str]: ...
    @property
    def elasticities(self) -> list[str]: ...
    def simulate(
        self,
        shock: Shock,
        *,
        structure: Literal["armington", "krugman"] = "armington",
        rebate: Literal["lump-sum", "tax-relief"] = "lump-sum",
        deficits: Literal["fixed", "zero", "proportional"] = "fixed",
        elasticities: str | None = None,
        labour_supply: float = 0.0,
        scale: float = 0.0,
        numeraire: str | None = None,
        inputs: bool | None = None,
        progress: Progress | None = None,
    ) -> Equilibrium:
        """The economy under a shock.

        An option that a structure does not have raises ``InputError``. ``tax-relief`` needs an economy of one sector without tariffs
        in the base year. ``inputs`` is whether sectors use each other's output, where absent as the structure has it.
        """
    def draws(
        self,
        shock: Shock,
        first: int,
        last: int,
        *,
        seed: int = 1,
        spread: float = 0.3,
        spread_inputs: float = 0.0,
        spread_barriers: float = 0.0,
        deficits: Literal["fixed", "zero", "proportional"] = "fixed",
        elasticities: str | None = None,
        labour_supply: float = 0.0,
        inputs: bool = True,
        progress: Progress | None = None,
    ) -> Table:
        """The economy under the draws ``first`` to before ``last`` of what is uncertain.

        The logs of the elasticities have the standard deviation ``spread``, one draw a sector; those of input shares and the sizes of
        the shock's changes of barriers ``spread_inputs`` and ``spread_barriers``. A draw hangs on ``seed`` and its number alone.
        Columns: ``draw``, ``region``, ``real_income_pct``, ``ev_busd``, and ``error``, which says why a draw has no equilibrium.
        """
    def strategy(
        self,
        player: str,
        kind: Literal["optimal", "nash", "retaliate", "reciprocate", "cooperate"],
        instrument: Literal["uniform", "sector", "partner", "partner-sector"],
        *,
        shock: Shock | None = None,
        weights: ArrowTable | None = None,
        structure: Literal["armington", "krugman"] = "armington",
        deficits: Literal["fixed", "zero", "proportional"] = "zero",
        elasticities: str | None = None,
        labour_supply: float = 0.0,
        inputs: bool = True,
        starts: int = 2,
        lowest: float = 0.0,
        progress: Progress | None = None,
    ) -> Strategy: ...

@final
class Brief:
    @property
    def sentences(self) -> list[str]: ...
    def to_dict(self) -> dict[str, Any]: ...
    def html(self) -> str: ...
    def export(self, format: Literal["html", "json", "pdf", "xlsx", "csv", "parquet", "svg", "png"]) -> bytes: ...

@final
class Dossier:
    def __new__(cls, dossier: str | os.PathLike[str] | None = None, *, known_on: Day | None = None) -> Dossier: ...
    @property
    def name(self) -> str: ...
    def brief(
        self, *, shareable: bool = False, lang: Literal["en", "ja"] = "en", progress: Progress | None = None
    ) -> Brief: ...
    def packages(self, *, progress: Progress | None = None) -> dict[str, Any]: ...
    def why(
        self, package: str | Mapping[str, str], *, lang: Literal["en", "ja"] = "en", progress: Progress | None = None
    ) -> dict[str, Any]: ...

@final
class Job:
    """A folder, or a file, of entries that is assessed into a folder of Parquet, part by part.

    Cuts the entries into work items that any number of processes may share; an earlier run's parts are kept. A part ends with the row
    group that reaches ``part_rows`` rows (4,194,304). Nobody else writes to the folder of answers until ``close``.
    Raises ``InputError`` where the folder holds another assessment or other files.
    """

    def __new__(
        cls,
        entries: str | os.PathLike[str],
        out: str | os.PathLike[str],
        *,
        known_on: Day | None = None,
        columns: str | Iterable[str] | None = None,
        part_rows: int = ...,
        law: Law | None = None,
    ) -> Job: ...
    def items(self) -> list[str]:
        """The work items that are not done yet, for ``assess_items``."""
    def found(self) -> tuple[int, int, int, int]:
        """Rows, rows without an answer, parts, and parts that are done."""
    def close(self) -> None:
        """Removes what killed workers left, and lets others at the folder."""

def assess_items(
    items: Sequence[str], *, threads: int | None = None, progress: Progress | None = None
) -> list[tuple[int, int]]:
    """Assesses work items of a ``Job``, each into a file of its own; rows, and rows without an answer, of each."""

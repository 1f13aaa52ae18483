//! What can be typed: commands, options and their help. No meaning in here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::civil::Date;
use rust_decimal::Decimal;
use winset::assess::AnswerColumns;
use winset::export::Format;
use winset::lang::Lang;
use winset::world;
use winset_law::{Country, Currency, GoodsCode};
use winset_talks::log::Kind;
use winset_trade::strategy::Instrument;
use winset_trade::{Closure, gravity};

use super::typed::{Pair, Pairs, amount, country, currency, day, goods, instrument, pair, pairs};

const AFTER: &str = "\
Exit codes:
  0  done
  1  something failed: a file could not be written, a solve did not converge, data differ
  2  wrong use of the command line, or a question that the law in the data cannot answer as typed
  3  wrong input: a dossier, measure, table, shock or economy; every fault is shown where it stands

Examples:
  winset brief
      the brief on the built-in talks of April 2025, into ./brief
  winset duty 8703.23.01 --origin JP --on 2025-07-10 --known-on 2025-04-16 --value 10000
      what a car of 10,000 USD from Japan will owe on 10 July, by the law as known on 16 April
  winset simulate 17 --shock shock.csv --json
      what a change of tariffs does to 17 regions, as JSON

Nothing leaves this machine; only fetch asks a publisher for a file. Colours go to terminals only, and not where NO_COLOR is set.";

/// The negotiator's workbench: what is owed, what a concession does, what can be signed
///
/// A dossier is a folder of text files that says what a delegation knows: the law, the issues on the table, the
/// parties, the beliefs about the other side. `winset brief` computes a briefing from it. The other commands answer
/// single questions: a duty, an applied rate, an equilibrium, the packages that both sides could sign. Where no
/// dossier is named, the built-in `us-japan-2025` is used.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Answer in JSON (with a `format` number), errors on stderr too
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the brief of a dossier as HTML, PDF, Excel, CSV, Parquet, JSON, and its charts
    #[command(after_help = "\
Examples:
  winset brief my-talks --known-on 2025-04-16 --out my-brief
  winset brief my-talks --format pdf,xlsx,png
  winset brief my-talks --format html,pdf --shareable --out to-share

Writes brief.html, brief.json, brief.pdf and brief.xlsx, and a file for each table or chart into the folders tables and
charts. All formats of an edition hold the same; what the shareable edition leaves out is in none of them.")]
    Brief(BriefArgs),
    /// Open the workbench: a local page on which a package is moved option by option
    #[command(after_help = "\
Examples:
  winset serve my-talks
  winset serve my-talks --lang ja --descriptions htsdata.json
  winset serve my-talks --listen 0.0.0.0:8443 --tls-cert page.pem --tls-key page.key --passphrase-file secret.txt

Prints a link with a token of this start; whoever has it sees the dossier. The page is served to this machine alone
unless --listen, a certificate and a passphrase are given. It opens no connection. Stop it with Ctrl-C.")]
    Serve(ServeArgs),
    /// Encrypt a dossier's folder into one file under a passphrase
    #[command(after_help = "\
Example:
  winset lock my-talks

Writes my-talks.age (the age format: `age -d` opens it too; inside is a zip), reads it back, and removes the folder. The
passphrase cannot be recovered. What was deleted can be found on a disk: encrypt the disk as well.")]
    Lock(LockArgs),
    /// Decrypt what `winset lock` wrote
    #[command(after_help = "Example:\n  winset unlock my-talks.age")]
    Unlock(LockArgs),
    /// Read and check everything in a dossier, and say what was read or what is wrong
    #[command(after_help = "Example:\n  winset check my-talks")]
    Check(DossierArgs),
    /// Start a new dossier as a copy of a built-in one
    #[command(
        after_help = "Examples:\n  winset init my-talks\n  winset init my-talks --from eu-china-2024"
    )]
    Init(InitArgs),
    /// The duty owed on one entry of goods, and why
    #[command(after_help = "\
Examples:
  winset duty 8703.23.01 --origin JP --on 2025-04-16 --value 10000
  winset duty 7326.90.86 --origin JP --on 2025-04-16 --value 1000 --content steel=400 --explain
  winset duty 0203.29.20 --origin JP --on 2025-04-16 --value 1000 --quantity 250 --unit kg

Amounts are exact decimals and are not rounded. An answer may end with questions: facts, claims or contents that
were not stated and would change it.")]
    Duty(DutyArgs),
    /// The duty owed on every row of a CSV or Parquet file
    #[command(after_help = "\
Examples:
  winset assess entries.csv --out duties.csv
  winset assess entries.parquet --out duties.parquet --known-on 2025-04-16

Reads the columns goods, origin, entry_date and value, and where they are there id, importer (else US), known_on, loaded,
currency (else that of the importer), quantity, unit, content (steel=400;aluminum=0), claims (USMCA;KORUS) and facts
(us_share=0.25;certified=auto_part), in any order; further columns are left alone. Text files have a header line.

Writes id, total (duty, not rounded), payable (rounded as the law says), fees, effective_rate (a fraction), components,
headings, needs (what is not stated, and the total if it were so) and error: one row for each row of the input, in its
order. A row that cannot be read or answered says why under error; it does not end the work. What is blank among claims
and facts counts as not so. Amounts are in the currency of the entry, fees in the importer's; amounts of the law are converted at the rate of the day.")]
    Assess(AssessArgs),
    /// Applied tariff rates, trade-weighted and simple, by origin and authority, for a day or as a daily series
    #[command(after_help = "\
Examples:
  winset rates --origin JP --on 2025-07-10 --known-on 2025-04-16
  winset rates --origin JP --from 2025-04-01 --to 2025-04-30 --json
  winset rates --importer JP --origin US --on 2026-04-01 --by chapter

Weights are US imports for consumption of 2024 (50 partners, 98.7 per cent of all), or --trade, the same for every day. At the
border of the United States preferences are claimed as far as they were in 2024, elsewhere not at all. Rates are shares of customs
value: per cent in the table, fractions in JSON.")]
    Rates(RatesArgs),
    /// What a change of measures, or another day, does to every line: before, after, who gains, revenue
    #[command(after_help = "\
Examples:
  winset diff --on 2025-04-08 --and-on 2025-04-09 --origin JP
  winset diff deal.toml --on 2025-07-10 --known-on 2025-04-16 --out lines.csv

A file of changes is written as the law is: an [[act]], and [[amendment]] records that point at measures.")]
    Diff(DiffArgs),
    /// Solve an economy under a shock: real income, output, trade and revenue of every region
    #[command(after_help = "\
Examples:
  winset simulate 17 --shock shock.csv --deficits zero --out results
  winset simulate 17 --shock shock.csv --parts
  winset simulate 17 --shock shock.csv --structure krugman
  winset simulate my-world --shock shock.csv --rebate tax-relief --labour-supply 0.5

A shock is a table (CSV or Parquet) with the columns kind, origin, destination, sector, value; `*` stands for all:
  kind,origin,destination,sector,value
  tariff_add,JPN,USA,C29,0.25
Names may be lists, `USA|CAN`, or all others, `!USA|CAN`. Kinds: tariff (the new rate, a fraction), tariff_add (points, a
fraction), iceberg (a factor on trade costs), export_subsidy (a share of what producers get), deficit (of the
destination) and transfer (a year, in the unit of the economy: million USD in those that ship), labour (a factor, of the
destination), purchase (the flow
to reach, in that unit). A column part names groups of rows for --parts.
Money in the answer is billion USD a year; wages and price indices are ratios to the base year.")]
    Simulate(SimulateArgs),
    /// The tariffs that governments choose: optimal, in a war, in retaliation, in talks
    #[command(after_help = "\
Examples:
  winset strategy 17 --player USA --kind optimal --instrument partner
  winset strategy my-world --player USA --kind nash --instrument uniform --structure krugman --deficits zero

Objectives are real income, with political weights (a table of region, sector, weight; 1 where it has no row) that of
Ossa (2014). What is found is local: the answer says how it was found, from how many starts, and how many agree.")]
    Strategy(StrategyArgs),
    /// Economy folders: check that the accounts close, merge regions and sectors, close tables that do not agree
    #[command(after_help = "\
Examples:
  winset economy check 17
  winset economy aggregate my-world --mapping blocs.csv --out blocs
  winset economy import levels --out my-world

A mapping is a table of kind (region or sector), from, to; what it does not name stays as it is. Trade, revenue and uses are
kept: the accounts of a merged economy are the sums of those it came from.")]
    Economy(EconomyArgs),
    /// What can be signed: the zone of agreement, the win-set, the frontier and the bargaining solutions
    #[command(after_help = "\
Examples:
  winset packages my-talks
  winset packages --table payoffs.json --json

A table holds {\"issues\":[{\"name\",\"options\"}],\"parties\":[{\"name\",\"no_deal\",\"values\":[[…]]}]}, and may hold \
pairs, mandates and limits. Payoffs of a dossier are billion USD a year against no deal.")]
    Packages(PackagesArgs),
    /// What we could give: the price to us, the worth to them, by what they may want
    #[command(after_help = "\
Example:
  winset chips my-talks

The economic price is the real income that we lose; the political price is the loss of our objective, without the
compensation of losing sectors, which stands beside it. Worth is their gain by the average over what is believed.
Money is billion USD a year against no deal.")]
    Chips(DossierArgs),
    /// What the other side may want, and how each published statement moved that belief
    #[command(after_help = "\
Examples:
  winset beliefs my-talks
  winset beliefs my-talks --known-on 2025-04-24
  winset beliefs my-talks --offer cars=fifteen,rice=open --on 2025-05-01 --known-on 2025-05-01
  winset beliefs --trace offers.json --json

Only what was published by the day counts: statements in beliefs.toml, their offers in the log (winset offer), and offers that
are typed; the law stays that of the dossier's as-of date. Shown is the belief without and with the offers, how likely each package worth proposing is accepted, and, date by
date, what the belief would have said they want most. A trace holds {\"issues\":[{\"name\",\"options\"}],\"horizon\",\"offers\":[[…]]}: the
option of each issue, by number from 0, offer after offer; horizon is the number of rounds that the talks can last.")]
    Beliefs(BeliefsArgs),
    /// Offers in turn until the cliff: who gives way when, what a week costs each side, what putting it off changes
    #[command(after_help = "\
Example:
  winset clock my-talks

One offer a week, in turn, until the cliff. Until they agree both sides have what holds until the cliff, from then on what the package
gives, after the cliff what no deal gives; all of it is added up and discounted. Offers come from the frontier of the win-set.
Dates, span and discount rates are in dossier.toml under [clock] and [clock.offers].")]
    Clock(DossierArgs),
    /// The log of the talks: record who took which position when, and list who moved
    #[command(after_help = "\
Examples:
  winset offer record my-talks --party USA --on 2025-05-01 --kind offer --options cars=fifteen,rice=share --note \"second meeting\"
  winset offer record my-talks --party JPN --on 2025-05-02 --kind response --note \"refused: cars, steel and the country rate together\"
  winset offer list my-talks

The log is log.jsonl in the dossier's folder, one entry a line, each with a hash of itself and all before it, so that no line
can be changed, removed or moved unseen. It only grows. Offers of the other side count as evidence: see winset beliefs.")]
    Offer(OfferArgs),
    /// What third countries would claim if they saw the package, how likely, and in which order the other side would sign
    #[command(after_help = "\
Example:
  winset precedent my-talks

The package is the first that is worth proposing. How likely a region claims the same and what it would give for it are
assumptions of the dossier: [[queue]] in dossier.toml.")]
    Precedent(DossierArgs),
    /// One package: what each side gains and from which option, who stops it, and the smallest change that mends it
    #[command(after_help = "\
Examples:
  winset why cars=fifteen,gas=alaska
  winset why cars=fifteen,gas=alaska my-talks --json

A package is written as issue=option; on issues that are not named nothing changes. Wrong names are told with the right
ones. The package and the one that mends it are solved exactly, nothing is added up.")]
    Why(WhyArgs),
    /// The law that ships or a folder of measure files: list it, show a record, check it, export it
    #[command(after_help = "\
Examples:
  winset measures list
  winset measures show us-reciprocal-10
  winset measures check --law my-law
  winset measures timeline --origin JP
  winset measures export my-law")]
    Measures(MeasuresArgs),
    /// The official figures inside this program: list them, make them again, check that they can be
    #[command(after_help = "Example:\n  winset data check --sources ~/sources")]
    Data(DataArgs),
    /// Read official files, exactly as published, into tables that the other commands read
    #[command(after_help = "\
Examples:
  winset import icio 2022_SML.csv --mapping winset-17 --tariffs winset-17 --out world-17
  winset import hts rev_7.json rev_8.json --revision rev_7=2025-04-02 \
--revision rev_8=2025-04-03 --out us
  winset import ecb eurofxref-hist.csv --out rates.csv

Files packed with gzip are unpacked; text is UTF-8. A folder is written whole or not at all, with a
manifest.toml: sources, checksums, rows, control totals. What an earlier import wrote there is
replaced; other files are never touched. Columns that are missing or not known are an error. What is
read from which publisher is in docs/import.md.")]
    Import(ImportArgs),
    /// Download an official file, going on where an earlier attempt was cut off
    #[command(after_help = "\
Examples:
  winset fetch ecb --out rates.csv
  winset fetch census --month 2024-12 --out imports-2024-12.json
  winset fetch icio --from ADDRESS --out 2022_SML.csv --sha256 CHECKSUM

Asks the publisher and nobody else, under the name winset and its version. What has come stands in
FILE.part until all of it is there; then FILE.fetched.toml records address, day and checksum.
Without a network, it says where to download by hand.")]
    Fetch(FetchArgs),
    /// Print what a shell needs to complete commands and options
    #[command(after_help = "\
Examples:
  winset completions bash > ~/.local/share/bash-completion/completions/winset
  winset completions fish > ~/.config/fish/completions/winset.fish")]
    Completions(CompletionsArgs),
    /// Print the manual page of winset, or write a page for each command
    #[command(after_help = "\
Examples:
  winset man --out ~/.local/share/man/man1
  man winset-simulate")]
    Man(ManArgs),
}

/// `winset completions`
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// `winset man`
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder for winset.1 and a page for each command; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// `winset lock`, `winset unlock`
#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    /// The folder to lock, or the .age file to unlock
    pub(crate) path: PathBuf,
    /// A file whose first line is the passphrase; asked for at the terminal if none is named
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// `winset serve`
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) dossier: DossierArgs,
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: std::net::SocketAddr,
    /// The certificate to show to other machines (PEM)
    #[arg(long, value_name = "FILE", requires_all = ["tls_key", "passphrase_file"])]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// A file whose first line is what visitors have to type
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Save nothing
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Language of the page: en or ja; visitors can change theirs
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub(crate) lang: Lang,
    /// A schedule as the USITC exports it, JSON or CSV, to search goods by their official descriptions
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptions: Option<PathBuf>,
}

/// A dossier, as of a day.
#[derive(Debug, Args)]
pub(crate) struct DossierArgs {
    /// A folder that holds a dossier.toml, or the name of a built-in dossier [default: us-japan-2025]
    pub(crate) dossier: Option<PathBuf>,
    /// The day as of which law and statements count, such as 2025-04-16 [default: the dossier's `as-of`]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
}

/// `winset brief`
#[derive(Debug, Args)]
pub(crate) struct BriefArgs {
    #[command(flatten)]
    pub(crate) dossier: DossierArgs,
    /// The folder for the files; made if it is missing, nothing else in it is touched
    #[arg(long, value_name = "DIR", default_value = "brief")]
    pub(crate) out: PathBuf,
    /// What to write: html, json, pdf, xlsx; csv and parquet, a file a table; svg and png, a file a chart
    #[arg(
        long,
        value_name = "FORMATS",
        value_delimiter = ',',
        default_value = "html,json"
    )]
    pub(crate) format: Vec<Format>,
    /// The language of its words: en or ja; names of columns and keys stay English
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(crate) lang: Lang,
    /// Leave out red lines and mandates, ratifiers' limits, beliefs, what their demands cost us, other accounts of no deal and the log; --out must hold no other brief
    #[arg(long)]
    pub(crate) shareable: bool,
}

/// `winset init`
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The new folder; it must not exist, or be empty
    pub(crate) dir: PathBuf,
    /// The dossier to copy: a built-in one, or a folder
    #[arg(long, value_name = "DOSSIER", default_value = winset::dossier::DEFAULT)]
    pub(crate) from: PathBuf,
}

/// Which texts are the law.
#[derive(Debug, Args)]
pub(crate) struct LawArgs {
    /// A folder of measure files instead of the law that ships, with schedule.csv where the importer's does not ship
    #[arg(long, value_name = "DIR")]
    pub(crate) law: Option<PathBuf>,
    /// The dossier whose law it is, with its own measures, instead of the law that ships
    #[arg(long, value_name = "DOSSIER", conflicts_with = "law")]
    pub(crate) dossier: Option<PathBuf>,
    /// How to read a question that the law leaves open; may be repeated. `winset measures list` names them
    #[arg(long, value_name = "NAME=OPTION", value_parser = pair)]
    pub(crate) reading: Vec<Pair>,
    /// The importer's schedule, a table as `winset import hts` or `japan` writes it, instead of the one that ships
    #[arg(long, value_name = "FILE")]
    pub(crate) schedule: Option<PathBuf>,
}

/// `winset duty`
#[derive(Debug, Args)]
pub(crate) struct DutyArgs {
    /// The goods, 6 to 10 digits with or without points, such as 8703.23.01
    #[arg(value_name = "CODE", value_parser = goods)]
    pub(crate) goods: GoodsCode,
    /// Where the goods come from: an ISO 3166 code such as JP
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) origin: Country,
    /// The entry date, such as 2025-07-10
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Date,
    /// Where the goods enter
    #[arg(long, value_name = "COUNTRY", value_parser = country, default_value = "US")]
    pub(crate) importer: Country,
    /// Only acts known by this day count [default: every act in the data]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// The day of loading on the final mode of transit, for goods under way when a duty began
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) loaded: Option<Date>,
    /// The customs value, in units of the currency (10000 is ten thousand dollars)
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true)]
    pub(crate) value: Decimal,
    /// The currency of value and content [default: that of the importer]
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) currency: Option<Currency>,
    /// The quantity, where a duty is by weight, volume or piece
    #[arg(long, value_name = "NUMBER", value_parser = amount, allow_negative_numbers = true)]
    pub(crate) quantity: Option<Decimal>,
    /// The unit of the quantity, such as kg [default: the unit of the duty]
    #[arg(long, value_name = "UNIT", requires = "quantity")]
    pub(crate) unit: Option<String>,
    /// The value of a material in the goods, in the currency of the value; may be repeated
    #[arg(long, value_name = "MATERIAL=AMOUNT", value_parser = pair, value_delimiter = ';')]
    pub(crate) content: Vec<Pair>,
    /// A claimed preference, such as USJTA, USMCA or a symbol of the schedule's special column; may be repeated
    #[arg(long, value_name = "PROGRAMME", value_delimiter = ';')]
    pub(crate) claim: Vec<String>,
    /// Something only the importer knows: true, false, or a share from 0 to 1; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, value_delimiter = ';')]
    pub(crate) fact: Vec<Pair>,
    #[command(flatten)]
    pub(crate) law: LawArgs,
    /// Show every measure looked at, applied or not, with the reason and its source
    #[arg(long)]
    pub(crate) explain: bool,
}

/// How rates are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// By origin
    Origin,
    /// By sector of the economies that ship
    Sector,
    /// By chapter
    Chapter,
    /// By authority
    Authority,
}

/// `winset assess`
#[derive(Debug, Args)]
pub(crate) struct AssessArgs {
    /// The entries, one a row: a file that ends in .csv, .parquet or .pq, or a folder of such files
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    /// The answer: a file in the format of its ending, or a folder, in parts; what is done is kept when the command is given
    /// again
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// The columns of the answer to write, with commas between them, such as id,total,payable,error [default: all]
    #[arg(long, value_name = "NAMES", value_parser = str::parse::<AnswerColumns>)]
    pub(crate) columns: Option<AnswerColumns>,
    /// Into a folder: a part ends with the row group that reaches so many rows
    #[arg(long, value_name = "ROWS", default_value_t = 1 << 22, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) part_rows: u64,
    /// Only acts known by this day count, for rows that name no day [default: every act in the data]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    #[command(flatten)]
    pub(crate) law: LawArgs,
}

/// `winset rates`
#[derive(Debug, Args)]
pub(crate) struct RatesArgs {
    /// One origin, an ISO 3166 code such as JP [default: all]
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) origin: Option<Country>,
    /// The day asked about
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with_all = ["from", "to"], required_unless_present = "from")]
    pub(crate) on: Option<Date>,
    /// First day of a daily series
    #[arg(long, value_name = "DATE", value_parser = day, requires = "to")]
    pub(crate) from: Option<Date>,
    /// Last day of a daily series
    #[arg(long, value_name = "DATE", value_parser = day, requires = "from")]
    pub(crate) to: Option<Date>,
    /// Only acts known by this day count [default: every act in the data]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// How to group the rates [default: by authority, and on one day by origin too]
    #[arg(long, value_enum)]
    pub(crate) by: Option<By>,
    /// Whose border
    #[arg(long, value_name = "COUNTRY", value_parser = country, default_value = "US")]
    pub(crate) importer: Country,
    #[command(flatten)]
    pub(crate) trade: TradeArgs,
    #[command(flatten)]
    pub(crate) law: LawArgs,
}

/// Which trade weighs.
#[derive(Debug, Args)]
pub(crate) struct TradeArgs {
    /// The importer's trade, a table of goods, origin and value (USD), or as `winset import census` writes it
    /// [default: US imports for consumption of 2024; for others the lines of the schedule, unweighted, of one --origin]
    #[arg(long, value_name = "FILE")]
    pub(crate) trade: Option<PathBuf>,
    /// The year of that trade
    #[arg(long, value_name = "YEAR", requires = "trade")]
    pub(crate) trade_year: Option<i16>,
}

/// `winset diff`
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Files of changed measures: acts and amendments in the language of measure files
    #[arg(value_name = "FILE")]
    pub(crate) change: Vec<PathBuf>,
    /// The entry date
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Date,
    /// Only acts known by this day count [default: every act in the data]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) known_on: Option<Date>,
    /// Another entry date to compare with
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) and_on: Option<Date>,
    /// Another day of knowledge to compare with
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) and_known_on: Option<Date>,
    /// Only goods of this origin
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) origin: Option<Country>,
    /// Whose border
    #[arg(long, value_name = "COUNTRY", value_parser = country, default_value = "US")]
    pub(crate) importer: Country,
    /// Also write every line that changes into this table, CSV or Parquet
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) trade: TradeArgs,
    #[command(flatten)]
    pub(crate) law: LawArgs,
}

/// What happens to aggregate trade deficits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deficits {
    /// As observed, in units of the world's labour income
    Fixed,
    /// The base year is first solved again without deficits
    Zero,
    /// A constant share of the world's income
    Proportional,
}

impl From<Deficits> for Closure {
    fn from(typed: Deficits) -> Self {
        match typed {
            Deficits::Fixed => Self::Fixed,
            Deficits::Zero => Self::Zero,
            Deficits::Proportional => Self::Proportional,
        }
    }
}

/// `winset simulate`
#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// A folder that holds an economy.toml and its tables, or 17 or 77 for the embedded worlds of 2022 with that many
    /// regions
    #[arg(value_name = "ECONOMY")]
    pub(crate) economy: PathBuf,
    /// The shock, a CSV or Parquet table
    #[arg(long, value_name = "FILE")]
    pub(crate) shock: PathBuf,
    /// How markets work
    #[arg(long, value_enum, default_value_t = Structure::Armington)]
    pub(crate) structure: Structure,
    /// Where tariff revenue goes
    #[arg(long, value_enum, default_value_t = Rebate::LumpSum)]
    pub(crate) rebate: Rebate,
    /// What happens to aggregate deficits
    #[arg(long, value_enum, default_value_t = Deficits::Fixed)]
    pub(crate) deficits: Deficits,
    /// The set of trade elasticities [default: U4 where the economy has it, else its only set]
    #[arg(long, value_name = "NAME")]
    pub(crate) elasticities: Option<String>,
    /// The elasticity of labour supply to the real wage, 0 or above; with --deficits zero labour moves also while the baseline
    /// is solved again without deficits
    #[arg(
        long,
        value_name = "X",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub(crate) labour_supply: f64,
    /// With one sector: the elasticity of productivity to the labour of a region, 0 or above
    #[arg(
        long,
        value_name = "X",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub(crate) scale: f64,
    /// With one sector: a table with the columns `region`, `local_share` (the part of sales paid where the good is sold, from 0 to
    /// below 1) and `selection` (the exponent of a tariff in demand over the elasticity, above 0); regions that it leaves out have 0
    /// and 1
    #[arg(long, value_name = "FILE")]
    pub(crate) margins: Option<PathBuf>,
    /// The wage of this region is the numeraire [default: the labour income of the world]
    #[arg(long, value_name = "REGION")]
    pub(crate) numeraire: Option<String>,
    /// Leave the input–output links out
    #[arg(long)]
    pub(crate) no_inputs: bool,
    /// Also say which part of the shock does what to real incomes: rows with the same name in the column `part`, or each row
    /// where there is no such column; ten parts at most, every subset of them is solved
    #[arg(long)]
    pub(crate) parts: bool,
    /// Also solve so many draws of what is uncertain, a million at most, and say between which bounds real incomes lie
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) draws: Option<u64>,
    /// Standard deviation of the logs of the elasticities, one draw a sector
    #[arg(
        long,
        value_name = "SD",
        default_value_t = 0.3,
        requires = "draws",
        allow_negative_numbers = true
    )]
    pub(crate) spread: f64,
    /// Standard deviation of the logs of input shares
    #[arg(
        long,
        value_name = "SD",
        default_value_t = 0.0,
        requires = "draws",
        allow_negative_numbers = true
    )]
    pub(crate) spread_inputs: f64,
    /// Standard deviation of the size of the shock's changes of barriers (`iceberg`)
    #[arg(
        long,
        value_name = "SD",
        default_value_t = 0.0,
        requires = "draws",
        allow_negative_numbers = true
    )]
    pub(crate) spread_barriers: f64,
    /// Seed of the draws; a draw is the same however many there are
    #[arg(long, value_name = "N", default_value_t = 1, requires = "draws")]
    pub(crate) seed: u64,
    /// Also write regions.csv, sectors.csv, trade.csv (by sector), balances.csv (goods, by pair) and, where there are any, purchases.csv, draws.csv and parts.csv into
    /// this folder; other structures and tax relief know regions.csv alone
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StrategyKind {
    /// The player's best tariffs, all others' as they are
    Optimal,
    /// Best answers of everybody to everybody
    Nash,
    /// The best answers of all others to the player's tariffs
    Retaliate,
    /// The others levy on the player, where the shock changed its tariff on their goods of a sector, that rate; nothing is
    /// sought
    Reciprocate,
    /// The largest gain that is the same for everybody
    Cooperate,
}

impl From<StrategyKind> for world::StrategyKind {
    fn from(typed: StrategyKind) -> Self {
        match typed {
            StrategyKind::Optimal => Self::Optimal,
            StrategyKind::Nash => Self::Nash,
            StrategyKind::Retaliate => Self::Retaliate,
            StrategyKind::Reciprocate => Self::Reciprocate,
            StrategyKind::Cooperate => Self::Cooperate,
        }
    }
}

/// How markets work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Structure {
    /// Caliendo and Parro (2015): perfect competition, input–output links
    Armington,
    /// Ossa (2014): fixed numbers of firms, profits, no input–output links
    Krugman,
}

impl From<Structure> for world::Structure {
    fn from(typed: Structure) -> Self {
        match typed {
            Structure::Armington => Self::Armington,
            Structure::Krugman => Self::Krugman,
        }
    }
}

/// Where tariff revenue goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rebate {
    /// To households in a lump sum
    LumpSum,
    /// Into a lower tax on labour income, which draws labour (--labour-supply): one sector, no tariffs in the base year,
    /// Ignatenko, Lashkaripour, Macedoni and Simonovska (2025)
    TaxRelief,
}

impl From<Rebate> for gravity::Rebate {
    fn from(typed: Rebate) -> Self {
        match typed {
            Rebate::LumpSum => Self::LumpSum,
            Rebate::TaxRelief => Self::TaxRelief,
        }
    }
}

/// `winset strategy`
#[derive(Debug, Args)]
pub(crate) struct StrategyArgs {
    /// A folder that holds an economy.toml and its tables, or 17 or 77 for the embedded worlds of 2022 with that many
    /// regions
    #[arg(value_name = "ECONOMY")]
    pub(crate) economy: PathBuf,
    /// The region whose tariffs are asked for; in retaliation the one that is answered
    #[arg(long, value_name = "REGION")]
    pub(crate) player: String,
    /// What is sought
    #[arg(long, value_enum)]
    pub(crate) kind: StrategyKind,
    /// What a government can tell apart: uniform, sector, partner or partner-sector
    #[arg(long, value_name = "INSTRUMENT", value_parser = instrument)]
    pub(crate) instrument: Instrument,
    /// A shock table, under which all is sought: its tariffs are where the search starts, all else in it holds throughout
    /// (no purchases)
    #[arg(long, value_name = "FILE")]
    pub(crate) shock: Option<PathBuf>,
    /// Political weights, a table of region, sector, weight
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,
    /// How markets work
    #[arg(long, value_enum, default_value_t = Structure::Armington)]
    pub(crate) structure: Structure,
    /// What happens to aggregate deficits; a deficit that is a given sum is a reason to stop trade, so that a war that
    /// keeps them need not have a sensible end
    #[arg(long, value_enum, default_value_t = Deficits::Zero)]
    pub(crate) deficits: Deficits,
    /// The set of trade elasticities [default: U4 where the economy has it, else its only set]
    #[arg(long, value_name = "NAME")]
    pub(crate) elasticities: Option<String>,
    /// The elasticity of labour supply to the real wage, 0 or above; with --deficits zero labour moves also while the baseline
    /// is solved again without deficits
    #[arg(long, value_name = "X", default_value_t = 0.0)]
    pub(crate) labour_supply: f64,
    /// Leave the input–output links out
    #[arg(long)]
    pub(crate) no_inputs: bool,
    /// How many starting points are tried
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) starts: usize,
    /// The lowest tariff, a fraction; below zero are import subsidies
    #[arg(
        long,
        value_name = "X",
        default_value_t = 0.0,
        allow_hyphen_values = true
    )]
    pub(crate) lowest: f64,
}

/// `winset economy`
#[derive(Debug, Args)]
pub(crate) struct EconomyArgs {
    #[command(subcommand)]
    pub(crate) what: EconomyCommand,
}

/// How tables of numbers are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum TableForm {
    /// Text; every number reads back to the same bits
    Csv,
    /// Compressed columns, for large economies
    Parquet,
}

/// The commands of `winset economy`.
#[derive(Debug, Subcommand)]
pub(crate) enum EconomyCommand {
    /// Read an economy, say every fault with its cell, or show the accounts of its regions
    Check {
        /// A folder that holds an economy.toml and its tables, or 17 or 77 for an embedded world
        economy: PathBuf,
    },
    /// Merge regions and sectors
    Aggregate {
        /// A folder that holds an economy.toml and its tables, or 17 or 77 for an embedded world
        economy: PathBuf,
        /// A table of kind, from, to
        #[arg(long, value_name = "FILE")]
        mapping: PathBuf,
        /// The folder of the merged economy; made if it is missing
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// How the tables are written
        #[arg(long, value_enum, default_value_t = TableForm::Csv)]
        form: TableForm,
    },
    /// Close the accounts of tables in levels that need not agree, as Caliendo and Parro (2015) do
    ///
    /// The folder holds economy.toml, trade (origin, destination, sector, value, tariff), `value_added` and
    /// `final_demand` (region, sector, value), deficits (region, value), elasticities (sector, theta) and perhaps
    /// inputs (region, input, user, value), each .csv or .parquet.
    Import {
        /// The folder of the tables
        tables: PathBuf,
        /// The set of elasticities with which trade is closed
        #[arg(long, value_name = "NAME", default_value = "theta")]
        elasticities: String,
        /// The folder of the closed economy; made if it is missing
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// How the tables are written
        #[arg(long, value_enum, default_value_t = TableForm::Csv)]
        form: TableForm,
    },
}

/// `winset packages`
#[derive(Debug, Args)]
pub(crate) struct PackagesArgs {
    #[command(flatten)]
    pub(crate) dossier: DossierArgs,
    /// Payoffs from elsewhere instead of a dossier, a JSON file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dossier", "known_on"])]
    pub(crate) table: Option<PathBuf>,
}

/// `winset beliefs`
#[derive(Debug, Args)]
pub(crate) struct BeliefsArgs {
    #[command(flatten)]
    pub(crate) dossier: DossierArgs,
    /// An offer of theirs, beside those in the log: what it would change; may be repeated
    #[arg(long, value_name = "ISSUE=OPTION,…", value_parser = pairs)]
    pub(crate) offer: Vec<Pairs>,
    /// The day of each --offer, in the same order [default: the day as of which statements count]
    #[arg(long, value_name = "DATE", value_parser = day, requires = "offer")]
    pub(crate) on: Vec<Date>,
    /// Offers of a party instead of a dossier, a JSON file: what its payoffs look like after them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dossier", "known_on", "offer"])]
    pub(crate) trace: Option<PathBuf>,
}

/// `winset offer`
#[derive(Debug, Args)]
pub(crate) struct OfferArgs {
    #[command(subcommand)]
    pub(crate) what: OfferCommand,
}

/// The commands of `winset offer`.
#[derive(Debug, Subcommand)]
pub(crate) enum OfferCommand {
    /// Add an entry to the log of a dossier's folder
    #[command(after_help = "\
Examples:
  winset offer record my-talks --party USA --on 2025-05-01 --kind offer --options cars=fifteen,rice=share
  winset offer record my-talks --party JPN --on 2025-05-02 --kind response --note \"refused\"")]
    Record(RecordArgs),
    /// Every entry, who moved when on which issue, and the last hash
    List {
        /// A folder that holds a dossier.toml
        dossier: Option<PathBuf>,
    },
}

/// What was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Said {
    /// A position stated, at home or in public
    Position,
    /// A package offered
    Offer,
    /// An answer to an offer
    Response,
}

impl From<Said> for Kind {
    fn from(typed: Said) -> Self {
        match typed {
            Said::Position => Self::Position,
            Said::Offer => Self::Offer,
            Said::Response => Self::Response,
        }
    }
}

/// `winset offer record`
#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    /// A folder that holds a dossier.toml
    pub(crate) dossier: Option<PathBuf>,
    /// Who: a party of the dossier
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: String,
    /// The day, such as 2025-05-01; not before the last entry's
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Date,
    /// What kind of statement it is
    #[arg(long, value_enum)]
    pub(crate) kind: Said,
    /// Options by issue, such as cars=fifteen,gas=alaska; on issues that an offer does not name nothing changes
    #[arg(long, value_name = "ISSUE=OPTION,…", value_parser = pairs)]
    pub(crate) options: Option<Pairs>,
    /// What was said, and where it is written
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,
}

/// `winset why`
#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    /// The package, such as cars=fifteen,gas=alaska
    #[arg(value_name = "PACKAGE", value_parser = pairs)]
    pub(crate) package: Pairs,
    #[command(flatten)]
    pub(crate) dossier: DossierArgs,
}

/// `winset measures`
#[derive(Debug, Args)]
pub(crate) struct MeasuresArgs {
    #[command(subcommand)]
    pub(crate) what: MeasuresCommand,
    /// Whose border
    #[arg(long, value_name = "COUNTRY", value_parser = country, default_value = "US", global = true)]
    pub(crate) importer: Country,
    /// A folder of measure files instead of the law that ships
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) law: Option<PathBuf>,
    /// The dossier whose law it is, instead of the law that ships
    #[arg(long, value_name = "DOSSIER", conflicts_with = "law", global = true)]
    pub(crate) dossier: Option<PathBuf>,
}

/// The commands of `winset measures`.
#[derive(Debug, Subcommand)]
pub(crate) enum MeasuresCommand {
    /// Every measure with its authority, dates and sources, and the questions that the law leaves open
    List,
    /// What an entry can state that the law asks about: facts, claims, contents, and who asks
    Facts,
    /// One measure in full: periods, suspensions, relations, exemptions, sources
    Show {
        /// The measure
        id: String,
    },
    /// Read and compile the files, and say what was read or what is wrong
    Check,
    /// What began, changed and ended, day by day
    Timeline {
        /// Only what touches this origin
        #[arg(long, value_name = "COUNTRY", value_parser = country)]
        origin: Option<Country>,
    },
    /// Write the law that ships into a folder, to be read and changed
    Export {
        /// The new folder; it must not exist, or be empty
        dir: PathBuf,
    },
}

/// `winset data`
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    #[command(subcommand)]
    pub(crate) what: DataCommand,
}

/// The commands of `winset data`.
#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// List the embedded tables: what they hold, who published them, what to mind
    List,
    /// Make the tables again from the publishers' files
    Build {
        /// The folder of the publishers' files
        #[arg(long, value_name = "DIR")]
        sources: PathBuf,
        /// The folder for the tables and their manifest
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Make the tables again and compare them, byte for byte, with the embedded ones
    Check {
        /// The folder of the publishers' files
        #[arg(long, value_name = "DIR")]
        sources: PathBuf,
    },
}

/// `winset import`
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    pub(crate) what: ImportCommand,
}

/// Where the results of an import go.
#[derive(Debug, Args)]
pub(crate) struct OutArgs {
    /// The folder for the tables and their manifest; or one table, if it ends in .csv or .parquet
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) out: PathBuf,
    /// How the tables in a folder are written
    #[arg(long, value_enum, default_value_t = TableForm::Csv)]
    pub(crate) form: TableForm,
}

/// Published files and where their figures go.
#[derive(Debug, Args)]
pub(crate) struct FilesArgs {
    /// The files, as published
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) to: OutArgs,
}

/// A world input–output table and what to make of it.
#[derive(Debug, Args)]
pub(crate) struct WorldTableArgs {
    /// The table of one year, as published
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) to: OutArgs,
    /// What merges into what: a table of kind, from, to; or winset-17, winset-77, which make the regions and sectors of the
    /// economies that ship
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) mapping: Option<PathBuf>,
    /// Tariffs: a table of origin, destination, sector, tariff (a fraction), such as the trade table of an economy; or
    /// winset-17, winset-77 for those of the economies that ship [default: none]
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) tariffs: Option<PathBuf>,
    /// Trade elasticities: a table of sector and a column of θ for each set [default: the sets that ship]
    #[arg(long, value_name = "FILE")]
    pub(crate) elasticities: Option<PathBuf>,
    /// The base year [default: the last year in the file's name]
    #[arg(long)]
    pub(crate) year: Option<i32>,
    /// The name of the economy
    #[arg(long)]
    pub(crate) name: Option<String>,
}

/// The commands of `winset import`.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Revisions of the US schedule as the USITC exports them, JSON or CSV: every line with the days its text held
    Hts {
        #[command(flatten)]
        files: FilesArgs,
        /// The first day of a revision: how its file's name ends, and the day; not needed where the name holds the day
        #[arg(long, value_name = "NAME=DATE", value_parser = pair)]
        revision: Vec<Pair>,
    },
    /// The text of chapter 99 (pdftotext -layout): the lists of goods in its notes, as the law reads lists
    HtsNotes {
        #[command(flatten)]
        files: FilesArgs,
        /// The first day on which the lists hold [default: open]
        #[arg(long, value_name = "DATE", value_parser = day)]
        from: Option<Date>,
    },
    /// US imports of the Census Bureau, the monthly detail file or the API's JSON: value and duty by code and country
    Census(FilesArgs),
    /// Japan's schedule as a table of its rate columns: every nine-digit line with the days its text held
    Japan {
        #[command(flatten)]
        files: FilesArgs,
        /// The first day of a schedule: how its file's name ends, and the day; not needed where the name holds the day
        #[arg(long, value_name = "NAME=DATE", value_parser = pair)]
        revision: Vec<Pair>,
    },
    /// UN Comtrade as CSV: trade by six-digit code and partner
    Comtrade(FilesArgs),
    /// BACI of CEPII: trade by six-digit code, both reports reconciled
    Baci {
        #[command(flatten)]
        files: FilesArgs,
        /// The file of country codes that comes with it
        #[arg(long, value_name = "FILE")]
        countries: PathBuf,
    },
    /// The OECD's inter-country input–output table of a year: an economy folder
    Icio(WorldTableArgs),
    /// A table of the World Input-Output Database: an economy folder
    Wiod(WorldTableArgs),
    /// Tariffs of UNCTAD TRAINS through WITS: applied rates by six-digit code
    Tariffs(FilesArgs),
    /// Euro reference rates of the European Central Bank, eurofxref-hist.csv or the data portal's CSV
    Ecb(FilesArgs),
}

/// What can be downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fetched {
    /// The US schedule in force, JSON
    Hts,
    /// Euro reference rates of all days, CSV
    Ecb,
    /// An inter-country input–output table; the OECD gives every file an address of its own: name it with --from
    Icio,
    /// US imports of one month by ten-digit code and country, JSON
    Census,
}

/// `winset fetch`
#[derive(Debug, Args)]
pub(crate) struct FetchArgs {
    /// What to download
    #[arg(value_enum, value_name = "KIND")]
    pub(crate) what: Fetched,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Another address than the publisher's
    #[arg(long, value_name = "URL")]
    pub(crate) from: Option<String>,
    /// The month, such as 2024-12 (census)
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: Option<String>,
    /// The SHA-256 that the file must have
    #[arg(long, value_name = "CHECKSUM")]
    pub(crate) sha256: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_interface_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example_and_every_option_a_sentence() {
        for command in Cli::command().get_subcommands() {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(help.contains("winset "), "{}", command.get_name());
            for arg in command.get_arguments() {
                assert!(
                    arg.get_help().is_some(),
                    "{} {}",
                    command.get_name(),
                    arg.get_id()
                );
            }
        }
    }
}

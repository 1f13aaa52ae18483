//! How long the answers take, on the law and the official figures that ship with winset.
//!
//! `cargo run --release -p winset-law --example law_speed` on a quiet machine; the times are those of one
//! thread unless a line says otherwise.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use winset_data::Set;
use winset_io::{Problems, Source, Table};
use winset_law::averages::{Bases, Trade};
use winset_law::{Assumptions, Country, Currency, Entry, Law, Money, RateOf, Schedule};

/// What a package changes, in the language of the measure files.
const DEAL: &str = r#"
format = 1
act = [{ id = "deal", title = "A deal", signed = 2025-04-16, source = "draft", confidence = "V" }]
amendment = [
  { measure = "us-reciprocal-10", origins = ["JP"], from = 2025-05-01, rate = "15% inclusive", act = "deal" },
  { measure = "us-232-cars", origins = ["JP"], from = 2025-05-01, rate = "15% inclusive", act = "deal" },
]
"#;

/// The shortest of a few runs: what the work costs when nothing else runs.
fn shortest<T>(runs: u32, mut work: impl FnMut() -> T) -> Duration {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn law() -> Result<Law, Box<dyn Error>> {
    let (mut files, mut lists) = (Vec::new(), Vec::new());
    for (inside, text) in winset_data::law::files("us") {
        match inside.strip_prefix("lists/") {
            Some(list) => {
                let name = list.trim_end_matches(".csv");
                lists.push((name, Table::from_csv_with_remarks(name, text.as_bytes())?));
            }
            None => files.push(Source::new(inside, text)),
        }
    }
    let lists: Vec<(&str, &Table)> = lists.iter().map(|(n, t)| (*n, t)).collect();
    let table = Set::UsSchedule.table()?;
    let start = Instant::now();
    let schedule = Schedule::from_table("US".parse()?, &table)?;
    println!(
        "read the schedule                   {:>10.2?}",
        start.elapsed()
    );
    let start = Instant::now();
    let law = Law::compile(&files, &lists, vec![schedule])?;
    println!(
        "compile the measure files           {:>10.2?}",
        start.elapsed()
    );
    Ok(law)
}

/// The whole period: every span of days on which the law does not change, for all goods and origins.
fn whole_period(law: &Law, trade: &Trade) -> Result<(), Box<dyn Error>> {
    let us: Country = "US".parse()?;
    let start = Instant::now();
    let (days, places) = law.compile_days(us, date(2025, 1, 1), date(2026, 6, 9), None);
    println!(
        "compile the whole period            {:>10.2?}  {days} spans of days, {places} places of goods and origin, {} MiB in all",
        start.elapsed(),
        resident()?,
    );
    let start = Instant::now();
    let mut batch = law.batch();
    let mut entries = 0;
    for on in [
        date(2025, 4, 9),
        date(2025, 8, 20),
        date(2025, 12, 1),
        date(2026, 5, 1),
    ] {
        for cell in trade.cells() {
            let value = Money::new(1_000.into(), Currency::USD);
            let entry = Entry::new(us, cell.goods, cell.origin, on, value);
            entries += usize::from(batch.assess(&entry, None).is_ok());
        }
    }
    println!(
        "first look at every cell, 4 days    {:>10.2?}  {entries} answers, {} MiB in all",
        start.elapsed(),
        resident()?,
    );
    Ok(())
}

/// Memory of this process, MiB.
fn resident() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with("VmRSS:"))
        .unwrap_or("VmRSS: 0 kB");
    let kib: u64 = line.split_whitespace().nth(1).unwrap_or("0").parse()?;
    Ok(kib / 1024)
}

fn assumptions() -> Result<Assumptions, Box<dyn Error>> {
    let mut out = Assumptions::default();
    let shares = Set::MetalShares.table()?;
    for metal in ["steel", "aluminum"] {
        for (code, share) in shares.text_slice("code")?.iter().zip(shares.reals(metal)?) {
            out.content_share(metal, code.parse()?, share.min(1.0))?;
        }
    }
    out.claim_shares("USMCA", &Set::UsmcaShares.table()?)?;
    Ok(out)
}

fn main() -> Result<(), Box<dyn Error>> {
    let (law, assumptions) = (law()?, assumptions()?);
    let (us, japan): (Country, Country) = ("US".parse()?, "JP".parse()?);
    let trade = Trade::from_table(&Set::UsImports2024.table()?, date(2024, 1, 1))?;
    let of_japan = trade.only(|cell| cell.origin == japan);
    let known_on = Some(date(2025, 4, 16));
    let deal = [Source::new("deal.toml", DEAL)];

    let goods = "8481.80.90".parse()?;
    let value = Money::new(10_000.into(), Currency::USD);
    let entry = Entry::new(us, goods, japan, date(2025, 7, 10), value);
    let of = RateOf {
        importer: us,
        goods,
        origin: japan,
        on: date(2025, 7, 10),
        known_on,
        base_if_unknown: None,
    };
    whole_period(&law, &trade)?;
    let rounds = 2_000u32;
    let each = |work: &dyn Fn()| shortest(20, || (0..rounds).for_each(|_| work())) / rounds;
    let traced = each(&|| drop(black_box(law.assess(&entry, known_on))));
    let read = || law.assess(&entry, known_on).map(|a| a.trace.iter().count());
    let untraced = each(&|| drop(black_box(read())));
    println!("assess one entry, its trace read    {untraced:>10.2?}");
    let single = each(&|| drop(black_box(law.rate(&of, &assumptions))));
    println!("assess one entry, traced            {traced:>10.2?}");
    println!("rate of one line                    {single:>10.2?}");

    let averages = |law: &Law, trade: &Trade, on: Date| {
        law.averages(us, trade, on, known_on, Bases::Schedule, &assumptions)
    };
    averages(&law, &trade, date(2025, 4, 16))?;
    let with = || -> Result<Law, Problems> { law.with(&deal) };
    let dealt = with()?;
    let tariff = || dealt.tariff(us, date(2025, 7, 10), known_on, &assumptions);
    println!(
        "the tariff of one day               {:>10.2?}",
        shortest(20, tariff)
    );
    let made = tariff()?;
    made.rate(goods, japan, None)?;
    let looked_up = each(&|| drop(black_box(made.rate(goods, japan, None))));
    println!("one line of it                      {looked_up:>10.2?}");
    println!(
        "one more act on the law             {:>10.2?}",
        shortest(20, with)
    );
    let japan_day = || averages(&dealt, &of_japan, date(2025, 7, 10));
    let all_day = || averages(&law, &trade, date(2025, 7, 10));
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()?;
        let (one, all) = pool.install(|| (shortest(20, japan_day), shortest(10, all_day)));
        println!(
            "averages, {:>6} cells, {threads} thread(s)   {one:>10.2?}",
            of_japan.cells().len()
        );
        println!(
            "averages, {:>6} cells, {threads} thread(s)   {all:>10.2?}",
            trade.cells().len()
        );
    }
    let start = Instant::now();
    for on in [date(2025, 1, 1), date(2025, 4, 16), date(2025, 7, 10)] {
        averages(&law, &trade, on)?;
    }
    for _ in 0..40 {
        averages(&law.with(&deal)?, &of_japan, date(2025, 7, 10))?;
    }
    println!(
        "3 days of all origins, 40 laws of one {:>8.2?}",
        start.elapsed()
    );
    Ok(())
}

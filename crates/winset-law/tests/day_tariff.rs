//! The compiled tariff of a day against the law itself, on the dossier's measures and the US schedule.

mod common;

use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use winset_data::Set;
use winset_io::{Source, Table};
use winset_law::averages::{Averages, Bases, Trade};
use winset_law::{
    Assumptions, Country, Currency, Entry, GoodsCode, Law, LawError, Money, RateOf, Schedule,
};

/// What reaches every kind of rule: an inclusive rate for one origin, a rate for a few goods, an end, an
/// act that is known only later, and one state of the Union treated unlike the others.
const DEAL: &str = r#"
format = 1
act = [
  { id = "deal", title = "D", signed = 2025-04-16, source = "draft", confidence = "V" },
  { id = "later", title = "L", signed = 2025-06-01, source = "draft", confidence = "V" },
]
amendment = [
  { measure = "us-reciprocal-10", origins = ["JP"], from = 2025-04-20, rate = "15% inclusive", act = "deal" },
  { measure = "us-232-cars", origins = ["JP", "KR"], from = 2025-05-01, rate = "15% inclusive", act = "deal" },
  { measure = "us-232-auto-parts", goods = ["8708.30", "4011"], from = 2025-05-03, rate = "5%", act = "later" },
  { measure = "us-reciprocal-country", origins = ["VN", "EU"], from = 2025-06-01, ends = true, act = "later" },
]
suspension = [
  { measure = "us-reciprocal-10", origins = ["DE"], from = 2025-04-15, until = 2025-07-01, act = "deal" },
]
"#;

static CODES: LazyLock<Vec<GoodsCode>> = LazyLock::new(|| {
    let table = Set::UsSchedule.table().unwrap();
    let mut codes: Vec<GoodsCode> = table
        .text_slice("code")
        .unwrap()
        .iter()
        .map(|code| code.parse().unwrap())
        .collect();
    codes.sort();
    codes.dedup();
    codes
});

static LAWS: LazyLock<[Law; 2]> = LazyLock::new(|| {
    let schedule = Schedule::from_table(common::us(), &Set::UsSchedule.table().unwrap()).unwrap();
    let law = common::law(schedule);
    let dealt = law.with(&[Source::new("deal.toml", DEAL)]).unwrap();
    [law, dealt]
});

static TRADE: LazyLock<Trade> = LazyLock::new(|| {
    Trade::from_table(&Set::UsImports2024.table().unwrap(), date(2024, 1, 1)).unwrap()
});

/// A line of the schedule, made longer by two digits or cut short, and an origin.
fn goods_and_origin() -> impl Strategy<Value = (GoodsCode, Country)> {
    let digits = prop_oneof![20 => Just(10usize), 4 => Just(8), 1 => 2usize..8];
    let origins: Vec<Country> = Country::all().collect();
    let common = [
        "JP", "CN", "CA", "MX", "EU", "DE", "GB", "RU", "KR", "VN", "HK",
    ];
    let common = common.map(|code| code.parse::<Country>().unwrap()).to_vec();
    let origin = prop_oneof![
        proptest::sample::select(common),
        proptest::sample::select(origins)
    ];
    // The lists of the measures are about few chapters: half of the draws are from them.
    let metals_and_cars = |code: &GoodsCode| [72, 73, 76, 84, 85, 87, 94].contains(&code.chapter());
    let few: Vec<GoodsCode> = CODES.iter().copied().filter(metals_and_cars).collect();
    let code = prop_oneof![
        proptest::sample::select(few),
        proptest::sample::select(CODES.clone())
    ];
    (code, 0..100u32, digits, origin).prop_map(|(code, ending, digits, origin)| {
        let long: GoodsCode = match code.digits() {
            10 => code,
            _ => format!("{}{ending:02}", code.plain()).parse().unwrap(),
        };
        (long.prefix(digits), origin)
    })
}

fn day() -> impl Strategy<Value = Date> {
    (-5..230i32).prop_map(|days| date(2025, 1, 1).checked_add(days.days()).unwrap())
}

/// Shares for all lines: metal by heading, claims by line and origin.
fn assumptions(metal: i64, claims: &[(GoodsCode, Country)]) -> Assumptions {
    let mut out = Assumptions::default();
    let share = Decimal::new(metal, 2).to_f64().unwrap();
    out.content_share_elsewhere("steel", share).unwrap();
    out.content_share_elsewhere("copper", share / 2.0).unwrap();
    out.content_share_elsewhere("aluminum", share / 2.0)
        .unwrap();
    let mut text = "code,partner,share\n".to_owned();
    for (code, origin) in claims {
        if let Some(census) = origin.census().first() {
            writeln!(text, "{},{census},1", code.plain()).unwrap();
        }
    }
    let table = Table::from_csv("claims", text.as_bytes()).unwrap();
    out.claim_shares("USMCA", &table).unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tariff_of_a_day_is_what_is_assessed(
        asked in proptest::collection::vec(goods_and_origin(), 60..120),
        dealt in any::<bool>(),
        on in day(),
        known in proptest::option::of(day()),
        metal in 0i64..=50,
    ) {
        let law = &LAWS[usize::from(dealt)];
        // Every second line claims.
        let claims: Vec<_> = asked.iter().copied().step_by(2).collect();
        let assumptions = assumptions(metal, &claims);
        let tariff = match law.tariff(common::us(), on, known, &assumptions) {
            Ok(tariff) => tariff,
            Err(error) => {
                let (goods, origin) = asked[0];
                let value = Money::new(1.into(), Currency::USD);
                let entry = Entry::new(common::us(), goods, origin, on, value);
                let other = law.assess(&entry, known).unwrap_err();
                // Until when the law is held differs by origin; that of no origin is the same before it begins.
                prop_assert!(matches!(error, LawError::NotInData { .. }), "{error}");
                prop_assert!(matches!(other, LawError::NotInData { .. }), "{other}");
                return Ok(());
            }
        };
        for (goods, origin) in &asked {
            let value = Money::new(1.into(), Currency::USD);
            let metal = Decimal::new(metal, 2);
            let mut entry = Entry::new(common::us(), *goods, *origin, on, value)
                .content("steel", metal)
                .content("aluminum", metal / Decimal::TWO)
                .content("copper", metal / Decimal::TWO);
            if claims.contains(&(*goods, *origin)) && !origin.census().is_empty() {
                entry = entry.claim("USMCA");
            }
            let rate = tariff.rate(*goods, *origin, None);
            match (&rate, law.assess(&entry, known)) {
                (Ok(rate), Ok(assessed)) => {
                    let total = assessed.total.amount.to_f64().unwrap();
                    prop_assert!((rate.total() - total).abs() < 1e-12, "{goods} of {origin}: {rate:?}, {total}");
                }
                // A code that is too short for one rate may have one answer all the same.
                (Err(LawError::Ambiguous { .. }), _) => {}
                // The message names the line that was looked at, of a shorter code the first.
                (Err(_), Err(_)) if goods.digits() < 10 => {}
                (Err(rate), Err(assessed)) => prop_assert_eq!(rate.to_string(), assessed.to_string()),
                (rate, assessed) => prop_assert!(false, "{goods} of {origin}: {rate:?}, {:?}", assessed.map(|a| a.components)),
            }
            // The same bits as one at a time, also with a given base.
            for base_if_unknown in [None, Some(0.0123)] {
                let (importer, goods, origin) = (common::us(), *goods, *origin);
                let of = RateOf { importer, goods, origin, on, known_on: known, base_if_unknown };
                let one = law.rate(&of, &assumptions).map_err(|e| e.to_string());
                let looked_up = tariff.rate(goods, origin, base_if_unknown).map_err(|e| e.to_string());
                prop_assert_eq!(one, looked_up);
            }
        }
    }
}

fn bits(averages: &Averages) -> Vec<u64> {
    let mut out: Vec<u64> = Vec::new();
    let groups = averages
        .by_origin
        .values()
        .chain(averages.by_chapter.values());
    for a in groups.chain([&averages.all]) {
        out.extend([a.value, a.duty, a.rates].map(f64::to_bits));
        out.push(a.cells as u64);
    }
    out.extend(averages.duty_by_authority.values().map(|x| x.to_bits()));
    out.extend([averages.collected_base_value, averages.without_rate_value].map(f64::to_bits));
    for cell in &averages.cells {
        out.push(
            cell.as_ref()
                .map_or(u64::MAX, |rate| rate.total().to_bits()),
        );
    }
    out
}

#[test]
fn averages_have_the_same_bits_on_any_number_of_threads() {
    let japan: Country = "JP".parse().unwrap();
    let assumptions = assumptions(20, &[]);
    let known = Some(date(2025, 6, 15));
    for trade in [&*TRADE, &TRADE.only(|cell| cell.origin == japan)] {
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let day = date(2025, 6, 20);
            let ask = || {
                LAWS[1].averages(
                    common::us(),
                    trade,
                    day,
                    known,
                    Bases::Schedule,
                    &assumptions,
                )
            };
            pool.install(ask).unwrap()
        };
        let one = on(1);
        assert_eq!(one.cells.len(), trade.cells().len());
        for threads in [2, 3, 8] {
            assert!(bits(&one) == bits(&on(threads)), "{threads} threads");
        }
    }
}

#[test]
fn averages_are_the_sums_of_their_cells() {
    let assumptions = assumptions(20, &[]);
    let known = Some(date(2025, 4, 16));
    let day = date(2025, 7, 10);
    let out = LAWS[1]
        .averages(
            common::us(),
            &TRADE,
            day,
            known,
            Bases::Schedule,
            &assumptions,
        )
        .unwrap();
    let (mut value, mut duty, mut cells, mut without) = (0.0, 0.0, 0, 0.0);
    for (cell, rate) in TRADE.cells().iter().zip(&out.cells) {
        match rate {
            Ok(rate) => {
                value += cell.value;
                duty += cell.value * rate.total();
                cells += 1;
            }
            Err(_) => without += cell.value,
        }
    }
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
    assert!(
        near(out.all.value, value)
            && near(out.all.duty, duty)
            && near(out.without_rate_value, without)
    );
    assert_eq!(out.all.cells, cells);
    let by_origin: f64 = out.by_origin.values().map(|a| a.duty).sum();
    let by_authority: f64 = out.duty_by_authority.values().sum();
    assert!(
        near(by_origin, duty) && near(by_authority, duty),
        "{by_authority} {duty}"
    );
}

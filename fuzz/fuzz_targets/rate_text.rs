//! Any text as a rate: never a panic, and what has a meaning reads back from its own words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_law::rate::{Rate, us};

fuzz_target!(|text: &str| {
    for rate in [us::parse(text), us::parse_measure(text)] {
        let told = rate.to_string();
        if let Some(fraction) = rate.as_ad_valorem() {
            assert_eq!(us::parse(&told).as_ad_valorem(), Some(fraction), "{text:?} as {told:?}");
        }
        if let Rate::Inclusive(_) = rate {
            assert_eq!(us::parse_measure(&told), rate, "{text:?} as {told:?}");
        }
    }
    for special in us::parse_special(text) {
        let _ = special.rate.to_string();
    }
});

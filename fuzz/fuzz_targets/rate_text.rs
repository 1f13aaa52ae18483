//! Any text as a rate of a measure file, of the US schedule and of Japan's: never a panic, and what can be
//! computed reads back from its own words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_law::rate::jp::{self, Cell};
use winset_law::rate::{Rate, text, us};

/// Shares of the value; a strange unit is kept as it stands and may read back as another.
fn reads_back(rate: &Rate, written: &str) {
    let told = rate.to_string();
    let again = text::parse(&told);
    // `0% - 9%` is read as taking off only, which its own words are not.
    let share = rate.as_ad_valorem();
    let taken_off = share.is_some_and(|share| share.is_sign_negative());
    if (share.is_some() && !taken_off) || matches!(rate, Rate::Inclusive(_)) {
        assert_eq!(&again, rate, "{written:?} as {told:?}");
    }
}

fuzz_target!(|written: &str| {
    reads_back(&us::parse(written), written);
    reads_back(&text::parse(written), written);
    for special in us::parse_special(written) {
        reads_back(&special.rate, written);
    }
    match jp::parse(written) {
        Cell::Rate(rate) | Cell::Bracketed(rate) => reads_back(&rate, written),
        Cell::Blank | Cell::Cases(_) => {}
    }
});

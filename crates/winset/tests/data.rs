//! The embedded data: whole, small, and as its manifest says.

use winset_data::{MANIFEST, Manifest, Set, sha256};

#[test]
fn the_manifest_tells_the_truth() {
    let manifest = Manifest::parse(MANIFEST).unwrap();
    assert_eq!(manifest.table.len(), Set::ALL.len());
    for set in Set::ALL {
        let entry = manifest
            .entry(set.file())
            .unwrap_or_else(|| panic!("{} is not in it", set.file()));
        assert_eq!(entry.sha256, sha256(set.bytes()), "{}", set.file());
        assert_eq!(entry.rows, set.table().unwrap().rows(), "{}", set.file());
        assert!(!entry.origin.is_empty() && entry.origin.iter().all(|o| !o.licence.is_empty()));
    }
}

#[test]
fn the_embedded_set_stays_under_8_mib() {
    let total: usize = Set::ALL.iter().map(|s| s.bytes().len()).sum();
    assert!(total < 8 << 20, "{total} bytes");
}

/// Control totals of the US Census Bureau for 2024.
#[test]
fn imports_of_2024_add_up() {
    let table = Set::UsImports2024.table().unwrap();
    let (partner, value, duty) = (
        table.text_slice("partner").unwrap(),
        table.ints("value").unwrap(),
        table.ints("duty").unwrap(),
    );
    let japan = |column: &[i64]| -> i64 {
        partner
            .iter()
            .zip(column)
            .filter(|(p, _)| *p == "5880")
            .map(|(_, x)| x)
            .sum()
    };
    assert_eq!(table.rows(), 209_616);
    assert_eq!(japan(&value), 151_340_030_810);
    assert_eq!(japan(&duty), 2_282_216_944);
    let world = Set::UsImports2024ByChapter.table().unwrap();
    let (partner, value) = (
        world.text_slice("partner").unwrap(),
        world.ints("value").unwrap(),
    );
    let total: i64 = partner
        .iter()
        .zip(value)
        .filter(|(p, _)| *p != "0003")
        .map(|(_, x)| x)
        .sum();
    assert!((total as f64 / 1e9 - 3251.15).abs() < 0.005, "{total}");
}

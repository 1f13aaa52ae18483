//! One wrong file per error: what it says, where, and what to do. The first line of each file holds the
//! start of the expected message.

mod common;

use std::path::Path;

use winset_io::Source;
use winset_law::Law;

#[test]
fn every_wrong_file_says_what_where_and_what_to_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    names.sort();
    let mut wrong = Vec::new();
    assert!(names.len() >= 10);
    for path in names {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = text
            .lines()
            .next()
            .unwrap()
            .trim_start_matches("# ")
            .to_owned();
        let Err(problems) = Law::compile(&[Source::new(name.as_str(), text)], &[], Vec::new())
        else {
            panic!("{name} compiles");
        };
        let found: Vec<String> = problems.0.iter().map(ToString::to_string).collect();
        let expected = format!("{name}:{expected}");
        if found.len() != 1 || !found[0].starts_with(&expected) {
            wrong.push(format!(
                "expected {expected}\nfound {}",
                found.join("\n      ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

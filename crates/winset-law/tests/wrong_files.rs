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

#[test]
fn a_further_file_must_say_what_yields_to_what_is_there() {
    let measure = |id: &str, act: &str| {
        format!(
            "format = 1\n\
             act = [{{ id = \"{act}\", title = \"T\", signed = 2025-04-02, source = \"{act}\", confidence = \"V\" }}]\n\
             [[measure]]\nid = \"{id}\"\ntitle = \"T\"\nauthority = \"{id}\"\nimporter = \"US\"\n\
             origins = [\"JP\"]\ngoods = [\"8703\"]\nrate = \"25%\"\n\
             period = [{{ from = 2025-04-03, to = 2025-05-01, act = \"{act}\" }}]\n"
        )
    };
    let law = Law::compile(&[Source::new("m.toml", measure("m", "a"))], &[], Vec::new()).unwrap();
    let clash = law
        .with(&[Source::new("n.toml", measure("n", "b"))])
        .unwrap_err();
    assert!(
        clash.to_string().contains("neither says which yields"),
        "{clash}"
    );
    // A measure of a later month does not meet it, until an amendment brings the two together.
    let later = measure("n", "b")
        .replace("2025-05-01", "2025-07-01")
        .replace("2025-04-03", "2025-06-01");
    let law = law.with(&[Source::new("n.toml", later)]).unwrap();
    let longer = "format = 1\n\
        act = [{ id = \"c\", title = \"T\", signed = 2025-04-05, source = \"c\", confidence = \"V\" }]\n\
        amendment = [{ measure = \"m\", from = 2025-06-01, rate = \"5%\", act = \"c\" }]\n";
    let clash = law.with(&[Source::new("c.toml", longer)]).unwrap_err();
    assert!(
        clash.to_string().contains("neither says which yields"),
        "{clash}"
    );
}

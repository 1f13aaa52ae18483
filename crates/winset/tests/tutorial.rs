//! `docs/tutorial.md`, done as it says: its files are written, its commands run, its answers compared.
//!
//! - a fence after a line that is a path in back-quotes and a colon is that file;
//! - a fence `sh` holds commands, `mkdir -p …` and `winset …`; every one must succeed;
//! - a fence `text` holds lines of what the last command says, in order, blanks apart; what it leaves out is not looked at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Fence {
    /// The line before it that is not blank.
    before: String,
    kind: String,
    text: String,
}

fn fences(document: &str) -> Vec<Fence> {
    let (mut out, mut before) = (Vec::new(), String::new());
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let inside = lines.by_ref().take_while(|line| *line != "```");
            let text: Vec<&str> = inside.collect();
            out.push(Fence {
                before: std::mem::take(&mut before),
                kind: kind.to_owned(),
                text: text.join("\n") + "\n",
            });
        } else if !line.trim().is_empty() {
            line.clone_into(&mut before);
        }
    }
    out
}

fn run(folder: &Path, command: &str) -> String {
    let mut words = command.split_whitespace();
    match words.next() {
        Some("mkdir") => {
            assert_eq!(words.next(), Some("-p"), "{command}");
            for made in words {
                fs::create_dir_all(folder.join(made)).unwrap();
            }
            String::new()
        }
        Some("winset") => {
            let output = Command::new(env!("CARGO_BIN_EXE_winset"))
                .current_dir(folder)
                .args(words)
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{command}\n{told}");
            String::from_utf8(output.stdout).unwrap()
        }
        other => panic!("a reader would not know what runs here: {other:?} in {command}"),
    }
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_tutorial_does_what_it_says() {
    let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tutorial.md");
    let document = fs::read_to_string(path).unwrap();
    let (mut said, mut files, mut commands, mut answers) = (String::new(), 0, 0, 0);
    for fence in fences(&document) {
        let named = fence.before.strip_prefix('`');
        let named = named.and_then(|rest| rest.strip_suffix("`:"));
        match (named, fence.kind.as_str()) {
            (Some(file), _) => {
                fs::write(folder.join(file), &fence.text).unwrap();
                files += 1;
            }
            (None, "sh") => {
                for command in fence.text.lines() {
                    said = run(&folder, command);
                    commands += 1;
                }
            }
            (None, "text") => {
                let mut lines = said.lines().map(squeezed);
                for wanted in fence.text.lines().map(squeezed) {
                    assert!(
                        lines.any(|line| line == wanted),
                        "`{wanted}` is not (or not there) in\n{said}"
                    );
                    answers += 1;
                }
            }
            (None, other) => panic!("a fence `{other}` without a file or a command"),
        }
    }
    assert!(files >= 10 && commands >= 9 && answers >= 10);
    // The brief that the reader is told of, and an edition without what is secret.
    let brief = fs::read_to_string(folder.join("my-brief/brief.html")).unwrap();
    assert!(brief.contains("car makers kept at home"));
    // Draws that hit a package again do not make it two.
    let mut solved = brief.match_indices(" packages were solved exactly");
    let (at, _) = solved.next().unwrap();
    let digits = brief[..at].bytes().rev().take_while(u8::is_ascii_digit);
    let count: usize = brief[at - digits.count()..at].parse().unwrap();
    assert!((1..=12).contains(&count), "{count} of 12 packages");
    let shared = fs::read_dir(folder.join("for-sharing")).unwrap();
    for file in shared.flatten() {
        let text = fs::read_to_string(file.path()).unwrap();
        assert!(
            !text.contains("car makers kept at home"),
            "{:?}",
            file.path()
        );
    }
}

//! `winset completions` and `winset man`: every command is in them, and those who read them can.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A fresh folder to work in.
fn work(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("manuals")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn said(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_winset"))
        .args(args)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands as `--help` lists them.
fn commands() -> Vec<String> {
    let help = said(&["--help"]);
    let list = help.split_once("Commands:\n").unwrap().1;
    let list = list.split_once("\n\n").unwrap().0;
    // What goes on from the line before stands further to the right.
    let names = list.lines().filter(|line| {
        let rest = line.strip_prefix("  ");
        rest.is_some_and(|rest| !rest.starts_with(' '))
    });
    let names = names.map(|line| line.split_whitespace().next().unwrap().to_owned());
    let found: Vec<String> = names.filter(|name| name != "help").collect();
    assert!(found.len() >= 25, "{found:?}");
    assert!(found.iter().any(|name| name == "simulate"));
    found
}

/// Runs a program that need not be there.
fn reader(program: &str, args: &[&str]) -> Option<Output> {
    let found = Command::new(program)
        .args(args)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output();
    match found {
        Ok(output) => Some(output),
        Err(error) => {
            println!("skipped: {program}: {error}");
            None
        }
    }
}

#[test]
fn every_shell_completes_every_command() {
    let folder = work("completions");
    let commands = commands();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = said(&["completions", shell]);
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell}: {command}");
        }
        assert!(script.contains("labour-supply"), "{shell}");
        let path = folder.join(shell);
        fs::write(&path, script).unwrap();
        // Shells read without running.
        let path = path.display().to_string();
        let check = match shell {
            "bash" | "zsh" => reader(shell, &["-n", &path]),
            "fish" => reader("fish", &["--no-execute", &path]),
            _ => None,
        };
        if let Some(read) = check {
            let error = String::from_utf8_lossy(&read.stderr);
            assert!(
                read.status.success() && error.is_empty(),
                "{shell}: {error}"
            );
        }
    }
}

/// What bash offers after some words.
#[test]
fn bash_offers_what_fits() {
    let folder = work("bash");
    let path = folder.join("winset.bash");
    fs::write(&path, said(&["completions", "bash"])).unwrap();
    let script = format!(
        "source {}; COMP_WORDS=(winset simulate 17 --rebate ''); COMP_CWORD=4; _winset winset '' --rebate; echo \"${{COMPREPLY[@]}}\"",
        path.display()
    );
    let Some(output) = reader("bash", &["--norc", "-c", &script]) else {
        return;
    };
    let offered = String::from_utf8(output.stdout).unwrap();
    assert_eq!(offered.trim(), "lump-sum tax-relief");
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let folder = work("man");
    let out = folder.join("man1");
    said(&["man", "--out", out.to_str().unwrap()]);
    let commands = commands();
    let page = |name: &str| {
        let path = out.join(format!("{name}.1"));
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let first = page("winset");
    assert_eq!(first, said(&["man"]));
    for command in &commands {
        // In roff a hyphen is written \-.
        let name = format!("winset\\-{command}(1)");
        assert!(first.contains(&name), "{name}");
        assert!(
            page(&format!("winset-{command}")).starts_with(".ie"),
            "{command}"
        );
    }
    // Commands of commands have theirs; the command `help` has none.
    assert!(page("winset-economy-aggregate").contains("mapping"));
    let count = fs::read_dir(&out).unwrap().count();
    assert!(count > commands.len() + 10, "{count}");
    assert!(!out.join("winset-help.1").exists());
    let simulate = out.join("winset-simulate.1");
    let Some(read) = reader("man", &["--warnings", "-l", simulate.to_str().unwrap()]) else {
        return;
    };
    let error = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success() && error.is_empty(), "{error}");
    let text = String::from_utf8(read.stdout).unwrap();
    for word in ["--structure", "tax-relief", "transfer (a year", "EXTRA"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    // An example stays on a line of its own.
    let example = "tariff_add,JPN,USA,C29,0.25";
    assert!(text.lines().any(|line| line.trim() == example), "{text}");
}

//! The command line: what was typed ([`args`]) and what it means (one file a command).

mod args;
mod assess;
mod beliefs;
mod brief;
mod check;
mod chips;
mod clock;
mod columns;
mod completions;
mod console;
mod data;
mod diff;
mod duty;
mod economy;
mod failure;
mod fetch;
mod import;
mod init;
mod law;
mod lock;
mod man;
mod measures;
mod offer;
mod packages;
mod precedent;
mod rates;
mod serve;
mod simulate;
mod simulate_tables;
mod strategy;
mod typed;
mod why;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use args::{Cli, Command};
use console::Console;
use failure::Failure;

/// Reads the command line, runs the command, and gives the exit code that `--help` documents.
pub(crate) fn main() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&typed) {
        Ok(cli) => cli,
        Err(error) => return unparsed(&error, &typed),
    };
    let console = Console::new(cli.json);
    match run(&cli.command, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => console.fail(&failure),
    }
}

fn run(command: &Command, console: &Console) -> Result<(), Failure> {
    match command {
        Command::Brief(args) => brief::run(args, console),
        Command::Serve(args) => serve::run(args, console),
        Command::Lock(args) => lock::lock(args, console),
        Command::Unlock(args) => lock::unlock(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Init(args) => init::run(args, console),
        Command::Duty(args) => duty::run(args, console),
        Command::Assess(args) => assess::run(args, console),
        Command::Rates(args) => rates::run(args, console),
        Command::Diff(args) => diff::run(args, console),
        Command::Simulate(args) => simulate::run(args, console),
        Command::Strategy(args) => strategy::run(args, console),
        Command::Economy(args) => economy::run(args, console),
        Command::Packages(args) => packages::run(args, console),
        Command::Chips(args) => chips::run(args, console),
        Command::Beliefs(args) => beliefs::run(args, console),
        Command::Precedent(args) => precedent::run(args, console),
        Command::Clock(args) => clock::run(args, console),
        Command::Offer(args) => offer::run(args, console),
        Command::Why(args) => why::run(args, console),
        Command::Measures(args) => measures::run(args, console),
        Command::Data(args) => data::run(args, console),
        Command::Import(args) => import::run(args, console),
        Command::Fetch(args) => fetch::run(args, console),
        Command::Completions(args) => completions::run(args, console),
        Command::Man(args) => man::run(args, console),
    }
}

/// Help and version are answers; anything else is wrong use, said as JSON where JSON was asked for.
fn unparsed(error: &clap::Error, typed: &[OsString]) -> ExitCode {
    let answers = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if !answers && typed.iter().any(|word| word == "--json") {
        return Console::new(true).fail(&Failure::Usage(sentence(&error.render().to_string())));
    }
    // Nobody is left to tell when the terminal itself is gone.
    let _ = error.print();
    ExitCode::from(if answers { 0 } else { failure::USAGE })
}

/// What is wrong with the command line on one line, without the usage and the advice that follow for people.
fn sentence(rendered: &str) -> String {
    let first = rendered.split("\n\n").next().unwrap_or(rendered).trim();
    let words: Vec<&str> = first
        .strip_prefix("error: ")
        .unwrap_or(first)
        .split_whitespace()
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_use_is_one_sentence_in_json() {
        let Err(error) = Cli::try_parse_from(["winset", "simulate", "17", "--json"]) else {
            panic!("a shock is required");
        };
        let said = sentence(&error.render().to_string());
        assert_eq!(
            said,
            "the following required arguments were not provided: --shock <FILE>"
        );
    }
}

//! `winset completions`: what a shell completes, from the table that `--help` is made of.

use clap::CommandFactory;
use serde_json::json;

use super::args::{Cli, CompletionsArgs};
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &CompletionsArgs, console: &Console) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "winset", &mut script);
    let script = String::from_utf8(script).map_err(anyhow::Error::from)?;
    console.answer(
        || json!({"shell": args.shell.to_string(), "script": script}),
        || script.clone(),
    )
}

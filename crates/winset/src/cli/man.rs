//! `winset man`: the manual, a page a command, from the table that `--help` is made of.

use std::fs;
use std::path::Path;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use serde_json::json;
use winset_io::write_whole;

use super::args::{Cli, ManArgs};
use super::console::Console;
use super::failure::Failure;

/// A page of the manual: its file's name and its text in roff.
struct Page {
    file: String,
    text: String,
}

pub(crate) fn run(args: &ManArgs, console: &Console) -> Result<(), Failure> {
    let mut pages = pages()?;
    let Some(out) = &args.out else {
        // The first is that of winset itself.
        let first = pages.swap_remove(0).text;
        return console.answer(|| json!({"page": first}), || first.clone());
    };
    write(&pages, out)?;
    let (files, shown): (Vec<&str>, _) = (pages.iter().map(|p| &*p.file).collect(), out.display());
    console.answer(
        || json!({"out": shown.to_string(), "files": files}),
        || {
            format!(
                "{} pages into {shown}; man -l {shown}/{}",
                files.len(),
                files[0]
            )
        },
    )
}

/// The page of winset, then one for each command and each command of a command.
fn pages() -> Result<Vec<Page>, Failure> {
    // The manual has no use for pages on the command `help`.
    let mut winset = Cli::command().disable_help_subcommand(true);
    winset.build();
    let mut pages = Vec::new();
    let mut left: Vec<&Command> = vec![&winset];
    while let Some(command) = left.pop() {
        let man = Man::new(command.clone());
        let mut text = Vec::new();
        man.render(&mut text).context("writing a page")?;
        pages.push(Page {
            file: man.get_filename(),
            text: as_it_stands(&String::from_utf8(text).map_err(anyhow::Error::from)?),
        });
        left.extend(command.get_subcommands());
    }
    pages[1..].sort_by(|a, b| a.file.cmp(&b.file));
    Ok(pages)
}

/// Keeps lines that are indented, examples and tables, from being filled as prose is.
fn as_it_stands(page: &str) -> String {
    let mut out = String::new();
    let mut kept = false;
    for line in page.lines() {
        if line.starts_with("  ") != kept {
            out.push_str(if kept { ".fi\n" } else { ".nf\n" });
            kept = !kept;
        }
        out.push_str(line);
        out.push('\n');
    }
    if kept {
        out.push_str(".fi\n");
    }
    out
}

fn write(pages: &[Page], out: &Path) -> Result<(), Failure> {
    fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    for page in pages {
        let path = out.join(&page.file);
        write_whole(&path, page.text.as_bytes())
            .with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_indented_is_not_filled() {
        assert_eq!(as_it_stands("a\n  b\n  c\nd"), "a\n.nf\n  b\n  c\n.fi\nd\n");
        assert_eq!(as_it_stands("  b"), ".nf\n  b\n.fi\n");
    }
}

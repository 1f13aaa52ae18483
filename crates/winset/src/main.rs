//! `winset` on the command line: the interface and the glue, nothing else.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}

//! `winset check`: reads and checks everything, and says what was read.

use std::fmt::Write as _;

use serde_json::json;
use winset::dossier::Files;
use winset::lang::counted;
use winset::study::{Bench, StudyError, logged};
use winset_io::{Problem, Problems};

use super::args::DossierArgs;
use super::columns::grouped;
use super::console::Console;
use super::failure::Failure;

pub(crate) fn run(args: &DossierArgs, console: &Console) -> Result<(), Failure> {
    let bench = Bench::open(Files::open(args.dossier.as_deref())?, args.known_on)?;
    days_have_law(&bench, args)?;
    options_can_be_law(&bench)?;
    let dossier = &bench.dossier;
    let unread = logged(dossier).unread;
    let posterior = bench.belief()?.known_on(&dossier.as_of);
    let name = &dossier.files.name;
    let issues = &dossier.issues.issue;
    let options: usize = issues.iter().map(|i| i.option.len()).sum();
    let packages = issues
        .iter()
        .fold(1_u64, |n, i| n.saturating_mul(i.option.len() as u64));
    let (measures, acts) = (bench.law.measures().count(), bench.law.acts().count());
    let parties = &dossier.parties;
    let used: Vec<&str> = posterior
        .path
        .iter()
        .map(|learned| learned.evidence.as_str())
        .collect();

    let text = || {
        let mut out = format!(
            "{name}: nothing is wrong with it\n{}, as known on {}\n\n\
             law         {}, {}; goods of {} entering {}\n\
             economy     {} regions, {} sectors, elasticities {}\n\
             table       {}, {}, {} packages\n\
             parties     {}, with {}\n\
             beliefs     {} hypotheses; {} of evidence used, {} not\n\
             numbers     {}, {}, {}\n\
             log         {}\n",
            dossier.head.title,
            dossier.as_of,
            counted(measures as f64, "measure"),
            counted(acts as f64, "act"),
            bench.origin.name(),
            bench.importer.name(),
            bench.lab.economy.regions().len(),
            bench.lab.economy.sectors().len(),
            dossier.head.economy.elasticities.get_ref(),
            counted(issues.len() as f64, "issue"),
            counted(options as f64, "option"),
            grouped(packages.into()),
            parties
                .party
                .iter()
                .map(|p| p.title.as_str())
                .collect::<Vec<_>>()
                .join(" and "),
            counted(parties.ratifier.len() as f64, "ratifier"),
            posterior.hypotheses.len(),
            counted(used.len() as f64, "item"),
            posterior.unused.len(),
            counted(dossier.assumptions.len() as f64, "assumption"),
            counted(dossier.sources.len() as f64, "source"),
            counted(dossier.products.product.len() as f64, "product"),
            match dossier.log.entries().len() {
                0 => "nothing recorded".to_owned(),
                n => format!(
                    "{n} {}; the chain holds, last hash {}",
                    if n == 1 { "entry" } else { "entries" },
                    dossier.log.hash()
                ),
            },
        );
        for what in &unread {
            let _ = writeln!(out, "            an offer does not count: {what}");
        }
        for (evidence, why) in &posterior.unused {
            let _ = writeln!(
                out,
                "            evidence `{evidence}` does not count: {why}"
            );
        }
        out
    };
    let json = || {
        let unused = posterior.unused.iter();
        let unused: Vec<_> = unused
            .map(|(e, why)| json!({"evidence": e, "because": why.to_string()}))
            .collect();
        json!({
            "dossier": name,
            "title": dossier.head.title,
            "as_of": dossier.as_of.to_string(),
            "measures": measures,
            "acts": acts,
            "regions": bench.lab.economy.regions().len(),
            "sectors": bench.lab.economy.sectors().len(),
            "issues": issues.len(),
            "options": options,
            "packages": packages,
            "parties": parties.party.len(),
            "ratifiers": parties.ratifier.len(),
            "hypotheses": posterior.hypotheses,
            "evidence_used": used,
            "evidence_unused": unused,
            "assumptions": dossier.assumptions.len(),
            "sources": dossier.sources.len(),
            "products": dossier.products.product.len(),
            "log": {"entries": dossier.log.entries().len(), "hash": dossier.log.hash(), "unread": unread},
        })
    };
    console.answer(json, text)
}

/// The as-of date and every day of the clock must be days whose law the measures hold.
fn days_have_law(bench: &Bench, args: &DossierArgs) -> Result<(), Failure> {
    let has_law = |day| {
        bench.ours.change(&bench.law, day)?;
        bench.border.covered(&bench.law, day)
    };
    if let Err(error) = has_law(bench.dossier.as_of) {
        return Err(match args.known_on {
            Some(_) => Failure::Usage(format!("--known-on: {error}")),
            None => wrong_day(bench, &bench.dossier.head.as_of, &error.to_string()).into(),
        });
    }
    let clock = &bench.dossier.head.clock;
    let mut problems = Problems::default();
    for text in [&clock.cliff, &clock.after, &clock.baseline]
        .into_iter()
        .chain(&clock.days)
    {
        if let Err(error) = has_law(bench.day(text)?) {
            problems
                .0
                .extend(wrong_day(bench, text, &error.to_string()).0);
        }
    }
    Ok(problems.unless_any(())?)
}

fn wrong_day(bench: &Bench, day: &winset::dossier::format::Day, what: &str) -> Problems {
    Problem::at(&bench.dossier.source("dossier.toml"), day.span(), what)
        .help("choose another day, or extend `covers` with the measures of that time")
        .into()
}

/// The rates that options write into the law must read, and leave no two measures that both claim the same value: for
/// our goods, and for those of everyone who would claim the same.
fn options_can_be_law(bench: &Bench) -> Result<(), Failure> {
    let source = bench.dossier.source("issues.toml");
    let mut problems = Problems::default();
    for (i, issue) in bench.dossier.issues.issue.iter().enumerate() {
        for (o, option) in issue
            .option
            .iter()
            .enumerate()
            .filter(|(_, option)| !option.amend.is_empty())
        {
            let ours = std::iter::once((&option.id, vec![bench.origin], String::new()));
            let claims = option.claim.iter().map(|region| {
                let whose = format!(" for `{}`", region.get_ref());
                (region, bench.members(region.get_ref()), whose)
            });
            for (at, origins, whose) in ours.chain(claims) {
                let found = match bench.amended(&[(i, o)], &origins) {
                    Ok(_) => continue,
                    Err(StudyError::Text(found)) => found,
                    Err(other) => return Err(other.into()),
                };
                problems.0.extend(found.0.iter().map(|problem| {
                    let what = format!(
                        "option `{}` cannot become law{whose}: {}",
                        option.id.get_ref(),
                        problem.what()
                    );
                    let at = Problem::at(&source, at.span(), what);
                    problem
                        .advice()
                        .iter()
                        .fold(at, |at, advice| at.help(advice.as_str()))
                }));
                // What is wrong for our goods is wrong for those who claim the same.
                break;
            }
        }
    }
    Ok(problems.unless_any(())?)
}

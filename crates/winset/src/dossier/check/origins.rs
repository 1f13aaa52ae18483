//! Which origins of the law each region of the economy holds: every region some, every origin in one region.

use jiff::civil::Date;
use winset_io::{Problem, Source};
use winset_law::Country;

use super::Check;
use crate::dossier::format::Name;

/// Whether a code is another, or a member of the group it names.
fn within(code: &str, of: &str, as_of: Date) -> bool {
    let member = |country: Country| country.is_member(of, as_of);
    code == of || code.parse::<Country>().is_ok_and(member)
}

impl Check<'_> {
    /// A region without origins would keep the tariffs of the base year in every world.
    pub(super) fn origins(&mut self, source: &Source) {
        let head = &self.dossier.head;
        let names = self.names;
        let as_of = self.dossier.as_of;
        let mut held: Vec<(&Name, &Name)> = Vec::new();
        for (region, origins) in &head.economy.origins {
            self.region(source, region);
            if origins.is_empty() {
                let what = format!("the region `{}` holds no origin", region.get_ref());
                self.problems.push(
                    Problem::at(source, region.span(), what)
                        .help("name its countries by their ISO codes, or `*` for the rest"),
                );
            }
            for origin in origins {
                if origin.get_ref() != "*" {
                    self.known(source, "country", origin, &names.countries);
                }
                let twice = |(other, _): &&(&Name, &Name)| {
                    let (one, other) = (origin.get_ref().as_str(), other.get_ref().as_str());
                    within(one, other, as_of) || within(other, one, as_of)
                };
                if let Some((first, _)) = held.iter().find(twice) {
                    let what = match origin.get_ref().as_str() {
                        "*" => "the rest is in two regions".to_owned(),
                        code => format!("the origin `{code}` is in two regions"),
                    };
                    self.problems.push(
                        Problem::at(source, origin.span(), what)
                            .and_at(source, first.span(), "first here")
                            .help("its trade counts in one region alone: take it out of the other"),
                    );
                }
                held.push((origin, region));
            }
        }
        let listed = |region: &String| {
            let mut listed = head.economy.origins.keys();
            listed.any(|r| r.get_ref() == region)
        };
        let left: Vec<&str> = (names.regions.iter().filter(|r| !listed(r)))
            .map(String::as_str)
            .collect();
        if !left.is_empty() {
            let what = format!(
                "[economy.origins] leaves out {} of the {} regions: {}",
                left.len(),
                names.regions.len(),
                left.join(", ")
            );
            self.problems.push(
                Problem::at(source, head.economy.regions.span(), what).help(
                    "name the origins of each, such as `KOR = [\"KR\"]`: a region without origins would keep the tariffs of the base year",
                ),
            );
        }
        if !held.iter().any(|(origin, _)| origin.get_ref() == "*") {
            self.problems.push(
                Problem::at(source, head.economy.regions.span(), "no region of [economy.origins] takes the rest")
                    .help("write `*` for one of them, such as `ROW = [\"*\"]`: trade of countries that none names would be lost"),
            );
        }
        for (code, side, key) in [
            (&head.law.origin, &head.ours, "ours"),
            (&head.law.importer, &head.theirs, "theirs"),
        ] {
            let holder = held
                .iter()
                .find(|(o, _)| within(code.get_ref(), o.get_ref(), as_of))
                .or_else(|| held.iter().find(|(o, _)| o.get_ref() == "*"));
            if let Some((_, region)) = holder
                && names.countries.contains(code.get_ref())
                && region.get_ref() != side.get_ref()
            {
                let what = format!(
                    "`{}` is in the region `{}`, but `{key}` is `{}`",
                    code.get_ref(),
                    region.get_ref(),
                    side.get_ref()
                );
                self.problems.push(
                    Problem::at(source, code.span(), what)
                        .and_at(source, side.span(), format!("`{key}`"))
                        .help("the law's importer is the other side and its origin is ours: name the same country in both, and in [economy.origins]"),
                );
            }
        }
    }
}

//! What people type as `issue=option`, found in the dossier.

use winset_talks::Package;

use super::Dossier;
use super::check::nearest;

/// A name that the dossier does not have, or an issue named twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownName(String);

/// The place of a name among those there are; `of` stands after the name where it is unknown.
pub(super) fn place<'a>(
    kind: &str,
    of: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<usize, UnknownName> {
    known.clone().position(|k| k == name).ok_or_else(|| {
        let meant = nearest(name, known.clone());
        let meant = meant.map_or_else(String::new, |m| format!(" (did you mean `{m}`?)"));
        let all = known.collect::<Vec<_>>().join(", ");
        UnknownName(format!("no {kind} `{name}`{of}{meant}: write one of {all}"))
    })
}

/// The places of `issue=option` pairs: issue and option, counted from 0, in the order typed.
///
/// # Errors
/// An issue or option that does not exist, with the one that was probably meant; an issue named twice.
pub fn choices(
    dossier: &Dossier,
    named: &[(String, String)],
) -> Result<Vec<(usize, u16)>, UnknownName> {
    let issues = &dossier.issues.issue;
    let mut out: Vec<(usize, u16)> = Vec::with_capacity(named.len());
    for (issue, option) in named {
        let ids = issues.iter().map(|i| i.id.get_ref().as_str());
        let i = place("issue", "", issue, ids)?;
        if out.iter().any(|(earlier, _)| *earlier == i) {
            let what = format!("issue `{issue}` is named twice: a package has one option of each");
            return Err(UnknownName(what));
        }
        let ids = issues[i].option.iter().map(|o| o.id.get_ref().as_str());
        let o = place("option", &format!(" of `{issue}`"), option, ids)?;
        out.push((i, o as u16));
    }
    Ok(out)
}

/// The package of some `issue=option` pairs; on all other issues nothing changes.
///
/// # Errors
/// As [`choices`].
pub fn package(dossier: &Dossier, named: &[(String, String)]) -> Result<Package, UnknownName> {
    let mut options = vec![0u16; dossier.issues.issue.len()];
    for (issue, option) in choices(dossier, named)? {
        options[issue] = option;
    }
    Ok(options.into())
}

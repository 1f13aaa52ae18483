//! The order in which headings are declared.

use std::sync::Arc;

use crate::Country;
use crate::file::RawFiling;
use crate::measure::Act;
use crate::read::Reader;

/// The order of an importer, known from an act on.
#[derive(Clone, Debug)]
pub(crate) struct Filing {
    pub(crate) importer: Country,
    pub(crate) act: Arc<Act>,
    order: Vec<Arc<str>>,
}

impl Filing {
    /// The place of an authority: that of the longest name of the order that it begins with; those the
    /// order does not name come last.
    pub(crate) fn place(&self, authority: &str) -> usize {
        let begins = |name: &Arc<str>| {
            authority
                .strip_prefix(&**name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let named = self.order.iter().enumerate().filter(|(_, n)| begins(n));
        named
            .max_by_key(|(_, name)| name.len())
            .map_or(self.order.len(), |(place, _)| place)
    }
}

impl Reader<'_> {
    pub(crate) fn filing(&mut self, raw: &RawFiling) -> Option<Filing> {
        let importer = self.country(&raw.importer);
        let act = self.act(&raw.act);
        Some(Filing {
            importer: importer?,
            act: act?,
            order: raw.order.iter().map(|n| n.as_str().into()).collect(),
        })
    }
}

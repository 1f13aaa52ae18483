//! What an entry can state that this law asks about.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::condition::Condition;
use crate::law::Law;
use crate::measure::Basis;

/// Something an entry can state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asks {
    /// As an entry writes it: `donation=true`, `certified=auto_part`, `us_share=0.25`, `claim USMCA`,
    /// `content steel`, `loaded`.
    pub stated: String,
    /// The question of the first record that has one.
    pub question: Option<Arc<str>>,
    /// The records that ask.
    pub records: Vec<Arc<str>>,
}

impl Law {
    /// What entries can state that some record of this law asks about, in the order of names.
    pub fn asks(&self) -> Vec<Asks> {
        let mut found: BTreeMap<String, Asks> = BTreeMap::new();
        let mut add = |stated: String, question: Option<&Arc<str>>, record: &Arc<str>| {
            let asks = found.entry(stated.clone()).or_insert_with(|| Asks {
                stated,
                question: None,
                records: Vec::new(),
            });
            if asks.question.is_none() {
                asks.question = question.cloned();
            }
            if !asks.records.contains(record) {
                asks.records.push(record.clone());
            }
        };
        for m in &self.measures {
            for stated in m.when.iter().filter_map(stated) {
                add(stated, m.asks.as_ref(), &m.id);
            }
            if let Basis::Content(of) = &m.basis {
                add(format!("content {of}"), None, &m.id);
            }
        }
        for e in &self.exemptions {
            for stated in e.when.iter().filter_map(stated) {
                add(stated, e.asks.as_ref(), &e.id);
            }
            if let Some(share) = &e.relieves_share {
                add(format!("{share}=…"), e.asks.as_ref(), &e.id);
            }
        }
        for fee in &self.fees {
            for stated in fee.when.iter().filter_map(stated) {
                add(stated, None, &fee.id);
            }
        }
        found.into_values().collect()
    }
}

/// How an entry states what a condition is about; nothing for a reading.
fn stated(condition: &Condition) -> Option<String> {
    Some(match condition {
        Condition::Is(name, _) => format!("{name}=true"),
        Condition::Claims(programme, _) => format!("claim {programme}"),
        Condition::Number(name, ..) => format!("{name}=…"),
        Condition::Word(name, word) => format!("{name}={word}"),
        Condition::Content(of) => format!("content {of}"),
        Condition::LoadedBefore(_) => "loaded".to_owned(),
        Condition::Reads(..) => return None,
    })
}

//! The edition for sharing: the brief without red lines, ratifiers' limits, beliefs and the log.

use std::path::Path;

use super::{
    Brief, Claimant, Demand, Demands, Doubt, Edition, NoDealSection, Others, Packages, Proposal,
    Side, WorldRow, sentences,
};

impl Brief {
    /// The brief without what must not leave the delegation: red lines and mandates, ratifiers' limits and who
    /// stops what, hypotheses, beliefs and the evidence for them, objectives (they hold stated valuations), the
    /// prices of our chips, what their demands cost us and whom at home, other accounts of no deal, where the dossier
    /// lies, the log, what to offer and ask next, the order of the talks, and every assumption that is a
    /// probability or says how the sides bargain.
    ///
    /// Every format of a shareable edition is made from this. Each structure is taken apart by name: a field that
    /// is added later does not compile until it is decided here whether it may be shared.
    #[must_use]
    pub fn shareable(&self) -> Self {
        let Self {
            format,
            edition: _,
            language,
            title,
            dossier,
            as_of,
            sides,
            sentences: _,
            situation,
            no_deal,
            demands,
            packages,
            wrong: _,
            others,
            doubt,
        } = self;
        let mut out = Self {
            format: *format,
            edition: Edition::Shareable,
            language: *language,
            title: title.clone(),
            dossier: name_alone(dossier),
            as_of: as_of.clone(),
            sides: sides.clone(),
            sentences: Vec::new(),
            situation: situation.clone(),
            no_deal: shared_worlds(no_deal),
            demands: shared_demands(demands),
            packages: shared_packages(packages),
            wrong: None,
            others: shared_others(others),
            doubt: shared_doubt(doubt),
        };
        out.sentences = sentences::write(&out);
        out
    }
}

/// A dossier's name without the folders of the machine on which it lies.
fn name_alone(dossier: &str) -> String {
    let path = Path::new(dossier);
    let whole = path.canonicalize();
    // `.` has no name of its own.
    let name = path
        .file_name()
        .or_else(|| whole.as_ref().ok()?.file_name());
    name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// How likely each account of no deal is, is a belief, and what we might answer is ours to know: the first stays, since
/// every package is measured against it.
fn shared_worlds(n: &NoDealSection) -> NoDealSection {
    let NoDealSection {
        status_quo,
        no_deal,
        note,
    } = n;
    let unlikely = |world: &WorldRow| WorldRow {
        probability: 0.0,
        ..world.clone()
    };
    NoDealSection {
        status_quo: unlikely(status_quo),
        no_deal: no_deal.iter().take(1).map(unlikely).collect(),
        note: note.clone(),
    }
}

fn shared_demands(d: &Demands) -> Demands {
    let Demands {
        demands,
        ours,
        hypotheses: _,
        chips: _,
        margin: _,
        margin_error_pct,
    } = d;
    Demands {
        demands: demands.iter().map(shared_demand).collect(),
        ours: ours.clone(),
        hypotheses: Vec::new(),
        chips: Vec::new(),
        margin: Vec::new(),
        margin_error_pct: *margin_error_pct,
    }
}

/// What an option of theirs does to them; what it costs us is its price as a chip.
fn shared_demand(d: &Demand) -> Demand {
    let Demand {
        issue,
        issue_title,
        option,
        title,
        vehicle,
        triggers,
        claim,
        our_ev: _,
        their_ev,
        balance,
        farm_exports,
        budget: _,
        our_sectors: _,
        their_sectors,
        farm_gate_pct: _,
        notes: _,
    } = d;
    Demand {
        issue: issue.clone(),
        issue_title: issue_title.clone(),
        option: option.clone(),
        title: title.clone(),
        vehicle: vehicle.clone(),
        triggers: triggers.clone(),
        claim: claim.clone(),
        our_ev: None,
        their_ev: *their_ev,
        balance: *balance,
        farm_exports: *farm_exports,
        budget: None,
        our_sectors: Vec::new(),
        their_sectors: their_sectors.clone(),
        farm_gate_pct: Vec::new(),
        notes: Vec::new(),
    }
}

fn shared_packages(p: &Packages) -> Packages {
    let Packages {
        no_deal,
        accounts: _,
        hypotheses: _,
        probabilities: _,
        belief_path: _,
        unused_evidence: _,
        loud_evidence: _,
        frontier: _,
        frontier_all: _,
        cloud: _,
        proposals,
        opens: _,
        other_no_deals: _,
        table_error_pct,
        solved_exactly,
    } = p;
    Packages {
        no_deal: no_deal.clone(),
        accounts: Vec::new(),
        hypotheses: Vec::new(),
        probabilities: Vec::new(),
        belief_path: Vec::new(),
        unused_evidence: Vec::new(),
        loud_evidence: Vec::new(),
        frontier: Vec::new(),
        frontier_all: Vec::new(),
        cloud: Vec::new(),
        proposals: proposals.iter().map(shared_proposal).collect(),
        opens: Vec::new(),
        other_no_deals: Vec::new(),
        table_error_pct: *table_error_pct,
        solved_exactly: *solved_exactly,
    }
}

/// What a package holds and does, without why it is proposed.
fn shared_proposal(p: &Proposal) -> Proposal {
    let Proposal {
        title: _,
        options,
        indices,
        they_give,
        we_give,
        ours,
        theirs,
        theirs_by_hypothesis: _,
        ours_range: _,
        theirs_range_by_hypothesis: _,
        acceptance: _,
        ours_if_contested: _,
        balance,
        revenue,
        budget,
        limits: _,
        blocked_by: _,
        closest: _,
        acts,
        warnings,
    } = p;
    let income = |side: &Side| Side {
        ev: side.ev,
        objective: None,
    };
    Proposal {
        title: String::new(),
        options: options.clone(),
        indices: indices.clone(),
        they_give: they_give.clone(),
        we_give: we_give.clone(),
        ours: income(ours),
        theirs: income(theirs),
        theirs_by_hypothesis: Vec::new(),
        ours_range: None,
        theirs_range_by_hypothesis: Vec::new(),
        acceptance: None,
        ours_if_contested: None,
        balance: *balance,
        revenue: *revenue,
        budget: *budget,
        limits: Vec::new(),
        blocked_by: Vec::new(),
        closest: Vec::new(),
        acts: acts.clone(),
        warnings: warnings.clone(),
    }
}

fn shared_others(o: &Others) -> Others {
    let Others {
        package,
        alone,
        extended,
        claimants,
        claims_on_us,
        expected: _,
        order: _,
        not_computed: _,
    } = o;
    let claimant = |c: &Claimant| {
        let Claimant {
            region,
            label,
            claims,
            own,
            ours,
            theirs,
            likelihood: _,
        } = c;
        Claimant {
            region: region.clone(),
            label: label.clone(),
            claims: claims.clone(),
            own: *own,
            ours: *ours,
            theirs: *theirs,
            likelihood: None,
        }
    };
    Others {
        package: package.clone(),
        alone: *alone,
        extended: *extended,
        claimants: claimants.iter().map(claimant).collect(),
        claims_on_us: claims_on_us.clone(),
        expected: None,
        order: None,
        not_computed: Vec::new(),
    }
}

fn shared_doubt(d: &Doubt) -> Doubt {
    let Doubt {
        draws,
        spread,
        spread_beside,
        seed,
        central,
        first_year_share,
        intervals,
        sets,
        not_solved,
        worst_residual,
        solves,
        limits,
        assumptions,
        sources,
        log: _,
        not_computed,
    } = d;
    Doubt {
        draws: *draws,
        spread: *spread,
        spread_beside: *spread_beside,
        seed: *seed,
        central: central.clone(),
        first_year_share: *first_year_share,
        intervals: intervals.clone(),
        sets: sets.clone(),
        not_solved: *not_solved,
        worst_residual: *worst_residual,
        solves: *solves,
        limits: limits.clone(),
        assumptions: assumptions.iter().filter(|a| !a.private).cloned().collect(),
        sources: sources.clone(),
        log: Vec::new(),
        not_computed: not_computed.clone(),
    }
}

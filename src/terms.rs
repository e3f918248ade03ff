//! Checked contracts: what `check` produces and everything after it reads. Plain data with stable ids and paths.
//!
//! Nothing here knows the syntax tree, so the engine can be fed contracts that no parser produced.

mod account;
pub mod award;
pub mod book;
pub mod covenant;
mod credit;
pub mod disclosure;
pub mod earnings;
pub mod equity;
pub mod event;
pub mod fact_test;
pub mod flow;
pub mod formula;
pub mod gate;
pub mod holding;
pub mod id;
pub mod index;
pub mod instrument;
pub mod investment;
pub mod line;
pub mod model;
pub mod paragraph;
pub mod party;
pub mod policy;
pub mod recipient;
pub mod scenario;
pub mod sides;
pub mod standard;
pub mod value;

use std::sync::Arc;

pub use account::*;
pub use award::*;
pub use book::*;
pub use covenant::*;
pub use credit::*;
pub use disclosure::*;
pub use earnings::*;
pub use equity::*;
pub use event::*;
pub use fact_test::*;
pub use flow::*;
pub use formula::*;
pub use gate::*;
pub use holding::*;
pub use id::*;
pub use index::Indexed;
pub use instrument::*;
pub use investment::*;
pub use line::*;
pub use model::*;
pub use paragraph::*;
pub use party::*;
pub use policy::*;
pub use recipient::*;
pub use scenario::*;
pub use sides::*;
pub use standard::*;
pub use value::*;

use crate::base::Span;
use crate::time::Date;

/// Everything a run knows before it starts. Ids are positions in these lists.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Declared sources.
    pub sources: Vec<Source>,
    /// Parties.
    pub parties: Vec<Party>,
    /// Share classes, of all parties.
    pub classes: Vec<ShareClass>,
    /// Named assumptions.
    pub assumptions: Vec<Assumption>,
    /// Contracts.
    pub contracts: Vec<Contract>,
    /// Supplies, of all contracts.
    pub supplies: Vec<Supply>,
    /// Counters, of all contracts.
    pub counters: Vec<Counter>,
    /// What price tests read, each once.
    pub price_measures: Vec<PriceMeasure>,
    /// Warrants, of all contracts.
    pub warrants: Vec<Warrant>,
    /// Investments, of all contracts.
    pub investments: Vec<Investment>,
    /// Loans, leases and guarantees, of all contracts.
    pub credits: Vec<Credit>,
    /// Tranches, of all warrants, investments and credits; those of one instrument stand together.
    pub tranches: Vec<Tranche>,
    /// Conditions of a latch (`latched`), each once: ids are handed out by `check`.
    pub latches: u32,
    /// Bare promises.
    pub commitments: Vec<Commitment>,
    /// Covenants, of all contracts.
    pub covenants: Vec<Covenant>,
    /// Variable amounts, of all contracts.
    pub variables: Vec<Variable>,
    /// Holdings of parties in each other's shares.
    pub stakes: Stakes,
    /// Books.
    pub books: Vec<Book>,
    /// Scenarios.
    pub scenarios: Vec<Scenario>,
    /// Assertions.
    pub assertions: Vec<Assertion>,
    /// Tests.
    pub tests: Vec<FactTest>,
    /// Operating lines.
    pub flows: Vec<Flow>,
    /// Ledger lines, in order of the text.
    pub lines: Vec<Line>,
    /// Price series from files.
    pub prices: Vec<Prices>,
    /// Price paths that stand among the facts (forecast or assumed).
    pub paths: Vec<PricePath>,
    /// Who belongs to what, worked out on first use; the lists above stay as they are from then on.
    pub index: Indexed,
}

/// A declared source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: Arc<str>,
    /// Title.
    pub title: Arc<str>,
    /// Date of the document.
    pub dated: Option<Date>,
    /// `primary`, `excerpt`, `secondary`, `derived`.
    pub grade: Option<Arc<str>>,
    /// Where it can be read.
    pub url: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// A named assumption.
#[derive(Clone, Debug)]
pub struct Assumption {
    /// Its name.
    pub name: Arc<str>,
    /// Its value; `None` for an assumption in words only. Units are checked.
    pub value: Option<Formula>,
    /// In words.
    pub why: Option<Arc<str>>,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// What a term rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    /// Cited sources and the place in them.
    pub citations: Vec<(SourceId, Option<Arc<str>>)>,
    /// Named assumptions.
    pub assumed: Vec<AssumptionId>,
}

impl Support {
    /// Whether nothing is cited or assumed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.citations.is_empty() && self.assumed.is_empty()
    }
}

/// `assert`: a claim over facts, tested after the run.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// The left side.
    pub left: Claim,
    /// How they compare.
    pub op: Compare,
    /// The right side.
    pub right: Claim,
    /// Largest difference that still counts as equal.
    pub within: Option<Formula>,
    /// As written.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// A side of an assertion.
#[derive(Clone, Debug)]
pub enum Claim {
    /// A value of the terms.
    Formula(Formula),
    /// A fact of the run.
    Fact(FactName),
}

/// One path names a fact everywhere: `AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactName {
    /// `AMD`
    pub entity: Arc<str>,
    /// `contra_revenue`
    pub measure: Arc<str>,
    /// `amd_openai.penny.T2`; the whole entity when absent
    pub item: Option<Arc<str>>,
    /// The entity's fiscal period; the latest when absent.
    pub period: Option<crate::time::PeriodName>,
    /// The book; the entity's own when absent.
    pub book: Option<Arc<str>>,
}

impl Terms {
    /// A series as it is written: `close(AMD.common)`.
    #[must_use]
    pub fn quoted(&self, of: &Quoted) -> String {
        match of {
            Quoted::Close(class) => format!("close({})", self.classes.get(class.index()).map_or("?", |c| &*c.path)),
            Quoted::Rate(one, other) => format!("rate({one} in {other})"),
            Quoted::Benchmark(name) => format!("benchmark({name})"),
            Quoted::Valuation(party) => {
                format!("valuation({})", self.parties.get(party.index()).map_or("?", |p| &*p.name))
            }
        }
    }

    /// The warrant a tranche is a slice of.
    #[must_use]
    pub fn warrant_of(&self, id: TrancheId) -> Option<&Warrant> {
        match self.tranches.get(id.index())?.of {
            Instrument::Warrant(warrant) => self.warrants.get(warrant.index()),
            Instrument::Investment(_) | Instrument::Credit(_) => None,
        }
    }

    /// The loan, lease or guarantee a tranche is.
    #[must_use]
    pub fn credit_of(&self, id: TrancheId) -> Option<&Credit> {
        match self.tranches.get(id.index())?.of {
            Instrument::Credit(credit) => self.credits.get(credit.index()),
            Instrument::Warrant(_) | Instrument::Investment(_) => None,
        }
    }

    /// The number of a warrant.
    #[must_use]
    pub fn warrant_id(&self, warrant: &Warrant) -> Option<WarrantId> {
        match self.tranches.get(warrant.tranches.first()?.index())?.of {
            Instrument::Warrant(id) => Some(id),
            Instrument::Investment(_) | Instrument::Credit(_) => None,
        }
    }

    /// The investment a tranche is a slice of.
    #[must_use]
    pub fn investment_of(&self, id: TrancheId) -> Option<&Investment> {
        match self.tranches.get(id.index())?.of {
            Instrument::Investment(investment) => self.investments.get(investment.index()),
            Instrument::Warrant(_) | Instrument::Credit(_) => None,
        }
    }

    /// The path of the instrument of a tranche, and who gives and who takes its shares.
    #[must_use]
    pub fn sides(&self, tranche: &Tranche) -> Option<(Arc<str>, PartyId, Vec<PartyId>)> {
        match tranche.of {
            Instrument::Warrant(id) => {
                self.warrants.get(id.index()).map(|w| (w.path.clone(), w.issuer, vec![w.holder]))
            }
            Instrument::Investment(id) => self
                .investments
                .get(id.index())
                .map(|i| (i.path.clone(), i.company, i.investors.iter().map(|(investor, _)| *investor).collect())),
            Instrument::Credit(id) => {
                self.credits.get(id.index()).map(|c| (c.path.clone(), c.giver, c.others().collect()))
            }
        }
    }

    /// The contract of a tranche.
    #[must_use]
    pub fn contract_of(&self, tranche: &Tranche) -> Option<ContractId> {
        match tranche.of {
            Instrument::Warrant(id) => self.warrants.get(id.index()).map(|w| w.contract),
            Instrument::Investment(id) => self.investments.get(id.index()).map(|i| i.contract),
            Instrument::Credit(id) => self.credits.get(id.index()).map(|c| c.contract),
        }
    }

    /// The day a tranche comes into being: of grant or of signing.
    #[must_use]
    pub fn granted(&self, tranche: &Tranche) -> Option<Date> {
        match tranche.of {
            Instrument::Warrant(id) => self.warrants.get(id.index()).map(|w| w.granted),
            Instrument::Investment(id) => self.investments.get(id.index()).map(|i| i.since),
            Instrument::Credit(id) => self.credits.get(id.index()).map(|c| c.since),
        }
    }

    /// The unit of a tranche: shares, or the currency of the investment.
    #[must_use]
    pub fn tranche_unit(&self, tranche: &Tranche) -> crate::num::Unit {
        match tranche.of {
            Instrument::Warrant(_) => crate::num::Unit::of("shares"),
            Instrument::Investment(id) => self
                .investments
                .get(id.index())
                .map_or_else(crate::num::Unit::none, |i| crate::num::Unit::of(&i.currency)),
            Instrument::Credit(id) => {
                self.credits.get(id.index()).map_or_else(crate::num::Unit::none, |c| crate::num::Unit::of(&c.currency))
            }
        }
    }

    /// Every named assumption that a clause, a price series or a ledger line rests on.
    #[must_use]
    pub fn assumed(&self) -> std::collections::BTreeSet<AssumptionId> {
        let supports = (self.contracts.iter().map(|c| &c.support))
            .chain(self.supplies.iter().map(|s| &s.support))
            .chain(self.supplies.iter().flat_map(|s| s.quantities.iter().map(|(_, _, support)| support)))
            .chain(self.supplies.iter().flat_map(|s| s.pays.iter().map(|p| &p.support)))
            .chain(self.counters.iter().map(|c| &c.support))
            .chain(self.warrants.iter().map(|w| &w.support))
            .chain(self.investments.iter().map(|i| &i.support))
            .chain(self.credits.iter().map(|c| &c.support))
            .chain(self.tranches.iter().map(|t| &t.support))
            .chain(self.commitments.iter().map(|c| &c.support))
            .chain(self.covenants.iter().map(|c| &c.support))
            .chain(self.flows.iter().map(|f| &f.support))
            .chain(self.flows.iter().flat_map(|f| f.series.iter().map(|s| &s.support)))
            .chain(self.flows.iter().flat_map(|f| f.series.iter().flat_map(|s| s.amounts.iter().map(|a| &a.support))))
            .chain(self.prices.iter().map(|p| &p.support))
            .chain(self.paths.iter().map(|p| &p.support))
            .chain(self.lines.iter().map(|l| &l.support));
        supports.flat_map(|support| support.assumed.iter().copied()).collect()
    }

    /// The purchases that earn a tranche: its band; else the firm definitive quantity of the first supply of its
    /// contract that has one; else nothing.
    ///
    /// # Errors
    /// Arithmetic in a threshold.
    pub fn earning_band(
        &self,
        tranche: &Tranche,
        assumptions: &impl Assumptions,
    ) -> Result<Option<(SupplyId, Value, Value)>, crate::num::Fault> {
        if let Some(band) = &tranche.band {
            return Ok(Some((band.supply, band.from.value(assumptions)?, band.to.value(assumptions)?)));
        }
        if !matches!(tranche.of, Instrument::Warrant(_)) {
            return Ok(None);
        }
        if let Instrument::Warrant(id) = tranche.of {
            match self.warrants.get(id.index()).and_then(|warrant| warrant.given) {
                // Given for money or a guarantee, not for purchases.
                Some(Given::Credit(_)) => return Ok(None),
                Some(Given::Supply(id)) => {
                    let Some(supply) = self.supplies.get(id.index()) else { return Ok(None) };
                    return Ok(Some((id, Value::ZERO, supply.firm(assumptions)?)));
                }
                None => {}
            }
            if let Some(said) = self.warrants.get(id.index()).and_then(|warrant| warrant.consideration) {
                let Some(supply) = self.supplies.get(said.supply.index()) else { return Ok(None) };
                let firm = supply.firm(assumptions)?;
                return Ok((firm != Value::ZERO).then_some((said.supply, Value::ZERO, firm)));
            }
        }
        let contract = self.contract_of(tranche);
        for id in contract.map_or(&[][..], |contract| self.supplies_of(contract)) {
            let Some(supply) = self.supplies.get(id.index()) else { continue };
            let firm = supply.firm(assumptions)?;
            if firm != Value::ZERO {
                return Ok(Some((*id, Value::ZERO, firm)));
            }
        }
        Ok(None)
    }
}

impl Supply {
    /// Whether anybody is bound: below that a payment is a deposit, and nothing else is in any book.
    #[must_use]
    pub const fn binds(&self) -> bool {
        matches!(self.binding, Binding::Definitive)
    }

    /// The definitive firm quantity: what is written, or the minimums together if they are more.
    ///
    /// # Errors
    /// Overflow.
    pub fn firm(&self, assumptions: &impl Assumptions) -> Result<Value, crate::num::Fault> {
        let firm = self.quantities.iter().filter(|(_, standing, _)| standing.is_owed());
        let firm = firm.map(|(q, ..)| q).try_fold(Value::ZERO, |sum, q| sum.plus(q.value(assumptions)?))?;
        let Some(minimum) = &self.minimum else { return Ok(firm) };
        firm.join(minimum.together(assumptions)?, |firm, least| Ok(firm.max(least)))
    }
}

impl Supply {
    /// The definitive quantity that the buyer may take or leave.
    ///
    /// # Errors
    /// Overflow.
    pub fn optional(&self, assumptions: &impl Assumptions) -> Result<Value, crate::num::Fault> {
        let open = self.quantities.iter().filter(|(_, standing, _)| standing.is_open());
        open.map(|(q, ..)| q).try_fold(Value::ZERO, |sum, q| sum.plus(q.value(assumptions)?))
    }
}

impl Tranche {
    /// Whether its vesting hangs on a quantity: a performance condition.
    #[must_use]
    pub fn hangs_on_purchases(&self) -> bool {
        let mut leaves = Vec::new();
        self.vests.leaves(&mut leaves);
        leaves.iter().any(|leaf| matches!(leaf.test, Test::Counter(..)))
    }

    /// Whether a market condition may make it vest without the purchases: an alternative with a price test in it and no
    /// quantity.
    #[must_use]
    pub fn vests_by_market(&self) -> bool {
        fn reads(gate: &Gate, such: fn(&Test) -> bool) -> bool {
            let mut leaves = Vec::new();
            gate.leaves(&mut leaves);
            leaves.iter().any(|leaf| such(&leaf.test))
        }
        let free = |gate: &Gate| !reads(gate, |test| matches!(test, Test::Counter(..)));
        fn by_market(gate: &Gate, free: &dyn Fn(&Gate) -> bool) -> bool {
            match gate {
                Gate::Any(gates) => gates.iter().any(|gate| {
                    by_market(gate, free) || free(gate) && reads(gate, |test| matches!(test, Test::Price(..)))
                }),
                Gate::All(gates) => {
                    gates.iter().any(|gate| by_market(gate, free))
                        && gates.iter().all(|gate| by_market(gate, free) || free(gate))
                }
                Gate::Latched { inner, .. } => by_market(inner, free),
                Gate::Leaf(_) => false,
            }
        }
        by_market(&self.vests, &free)
    }

    /// The value of an outcome.
    #[must_use]
    pub fn outcome(&self, name: &str) -> Option<&Formula> {
        self.outcomes.iter().find(|(outcome, _)| &**outcome == name).map(|(_, value)| value)
    }
}

//! Holdings: what a party has of another's shares, and what dated lines say about them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ClassId, Finding, Formula, PartyId, StakeId};

/// Who holds shares of which class. Books account for each by itself.
#[derive(Clone, Debug)]
pub struct Stake {
    /// Who.
    pub holder: PartyId,
    /// Of which class.
    pub class: ClassId,
    /// The class, which names the holding in the holder's book.
    pub path: Arc<str>,
}

/// All holdings that contracts and lines speak of.
#[derive(Clone, Debug, Default)]
pub struct Stakes {
    all: Vec<Stake>,
    by: BTreeMap<(PartyId, ClassId), StakeId>,
    of: BTreeMap<ClassId, Vec<StakeId>>,
}

impl Stakes {
    /// The number of a holding, which is new if nothing spoke of it before.
    pub fn open(&mut self, holder: PartyId, class: ClassId, path: &Arc<str>) -> StakeId {
        if let Some(id) = self.by.get(&(holder, class)) {
            return *id;
        }
        let id = StakeId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Stake { holder, class, path: path.clone() });
        self.by.insert((holder, class), id);
        self.of.entry(class).or_default().push(id);
        id
    }

    /// A holding.
    #[must_use]
    pub fn get(&self, id: StakeId) -> Option<&Stake> {
        self.all.get(id.index())
    }

    /// The holding of a party in a class.
    #[must_use]
    pub fn find(&self, holder: PartyId, class: ClassId) -> Option<StakeId> {
        self.by.get(&(holder, class)).copied()
    }

    /// All who hold a class.
    #[must_use]
    pub fn of(&self, class: ClassId) -> &[StakeId] {
        self.of.get(&class).map_or(&[], Vec::as_slice)
    }

    /// All.
    pub fn iter(&self) -> impl Iterator<Item = (StakeId, &Stake)> {
        (0u32..).map(StakeId).zip(&self.all)
    }
}

/// What a line says about a holding or its company. Money is in the currency of the company, except for what a holder says
/// about its own holding.
#[derive(Clone, Debug, PartialEq)]
pub enum HoldingFact {
    /// `observed CLASS PRICE`: an orderly transaction in the same shares, or in similar ones, adjusted to these.
    Observed {
        /// Which shares.
        class: ClassId,
        /// What one of them is worth by it.
        price: Formula,
        /// The shares it was in, if they are others.
        similar: Option<ClassId>,
    },
    /// `dividend CLASS AMOUNT`
    Dividend {
        /// On which shares.
        class: ClassId,
        /// In all, or for a share.
        amount: Formula,
        /// For a share.
        each: bool,
    },
    /// `allocate HOLDING { … }`: what the price of a holding bought.
    Allocated {
        /// Which.
        stake: StakeId,
        /// Book value of the company's net assets, all of them.
        net_assets: Formula,
        /// What the holder's part is worth above book value, by name, and over how many years it is used.
        parts: Vec<(Arc<str>, Formula, Option<Formula>)>,
    },
    /// `impair HOLDING to AMOUNT`
    Impaired {
        /// Which.
        stake: StakeId,
        /// What it is worth.
        to: Formula,
    },
    /// `judge HOLDING …`
    Judged {
        /// Which.
        stake: StakeId,
        /// The method, or an estimate of the book.
        finding: Finding,
    },
    /// `value HOLDING PRICE`: what a share is worth on the day.
    Valued {
        /// Which.
        stake: StakeId,
        /// For a share.
        price: Formula,
    },
}

impl HoldingFact {
    /// The shares it is about.
    #[must_use]
    pub fn class(&self, stakes: &Stakes) -> Option<ClassId> {
        match self {
            Self::Observed { class, .. } | Self::Dividend { class, .. } => Some(*class),
            Self::Allocated { stake, .. }
            | Self::Impaired { stake, .. }
            | Self::Judged { stake, .. }
            | Self::Valued { stake, .. } => stakes.get(*stake).map(|stake| stake.class),
        }
    }
}

/// How a holding is measured. Books choose among these and say where what they find is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldingMethod {
    /// Cost, less impairment, changed to the price of orderly transactions in the same or similar shares.
    Alternative,
    /// Fair value, in income.
    FairValue,
    /// The same where another method would apply, by election.
    FairValueOption,
    /// Fair value outside income, by election.
    FairValueOci,
    /// The holder's part of the company's net assets and what it paid above it.
    EquityMethod,
    /// Cost.
    Cost,
    /// The company is shown as a part of the holder's group.
    Consolidated,
}

impl HoldingMethod {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Alternative, "alternative"),
        (Self::FairValue, "fair_value"),
        (Self::FairValueOption, "fair_value_option"),
        (Self::FairValueOci, "fair_value_oci"),
        (Self::EquityMethod, "equity_method"),
        (Self::Cost, "cost"),
        (Self::Consolidated, "consolidated"),
    ];

    /// As written.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(method, _)| *method == self).map_or("", |(_, word)| word)
    }

    /// The method with this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(method, _)| *method)
    }

    /// Whether it follows fair value.
    #[must_use]
    pub const fn is_fair_value(self) -> bool {
        matches!(self, Self::FairValue | Self::FairValueOption | Self::FairValueOci)
    }
}

/// A method of a book and the class of holdings it is for, unless a judgement says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct HoldingChoice {
    /// Which method.
    pub method: HoldingMethod,
    /// For which holdings.
    pub class: HoldingClass,
}

/// Classes of holdings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldingClass {
    /// All.
    Any,
    /// `if listed`: there are closes of the class.
    Listed,
    /// `from 20%`: the holder has this part or more of the company.
    From(crate::num::Number),
    /// `above 50%`
    Above(crate::num::Number),
    /// `by judgement`: none of itself.
    Judged,
}

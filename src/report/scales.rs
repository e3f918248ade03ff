//! In which scale a report shows amounts and shares to people.

use std::collections::BTreeMap;

use super::Scale;
use crate::ledger::AccountId;
use crate::num::{Number, Rounding, Unit};
use crate::run::Replay;

/// One scale for all amounts of a report and one for all its shares, so that its tables compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scales {
    pub money: Scale,
    pub shares: Scale,
}

/// From this amount on, two places of a million are enough to tell amounts of a run from each other.
const IN_MILLIONS: i64 = 10_000_000;
/// From so many shares on, with no tranche below a thousand, whole thousands are.
const IN_THOUSANDS: i64 = 1_000_000;

impl Scales {
    /// What was asked for; else what fits the largest amount and the smallest tranche of a run.
    pub fn of(replay: &Replay<'_>, asked: Option<u32>) -> Self {
        if let Some(power) = asked {
            let money = Scale { power, places: 2 };
            return Self { money, shares: Scale { power, places: if power > 3 { 2 } else { 0 } } };
        }
        let (mut money, mut shares) = (Number::ZERO, Number::ZERO);
        let books = replay.bookings.iter().map(|booking| (&booking.chart, &booking.journal));
        for (chart, journal) in books.chain([(&replay.register.chart, &replay.register.journal)]) {
            let mut largest: BTreeMap<AccountId, Number> = BTreeMap::new();
            for posting in journal.iter().flat_map(|(_, entry)| journal.postings(entry)) {
                let most = largest.entry(posting.account).or_insert(Number::ZERO);
                *most = posting.amount.abs().max(*most);
            }
            for (account, most) in largest {
                let Some(account) = chart.get(account) else { continue };
                // Shares are counted in their class: `AMD.common`.
                match Unit::of(&account.commodity).is_currency() {
                    true => money = money.max(most),
                    false if account.commodity.contains('.') => shares = shares.max(most),
                    false => {}
                }
            }
        }
        for warrant in &replay.terms.warrants {
            shares = shares.max(warrant.size);
        }
        let tranches = replay.terms.warrants.iter().flat_map(|warrant| &warrant.tranches);
        let mut sizes = tranches.filter_map(|id| replay.terms.tranches.get(id.index())).map(|tranche| tranche.size);
        let small = sizes.any(|size| size < Number::from_int(1000));
        // Where nothing has an amount nothing is shown, in the usual scale.
        let millions = money.is_zero() || money >= Number::from_int(IN_MILLIONS);
        let thousands = shares.is_zero() || (shares >= Number::from_int(IN_THOUSANDS) && !small);
        Self {
            money: if millions { Scale::MILLIONS } else { Scale::CENTS },
            shares: if thousands { Scale::THOUSANDS } else { Scale::WHOLE },
        }
    }

    /// An amount inside a sentence: `3,162m USD`, `40.00 USD`.
    pub fn told(self, amount: Number, currency: &str) -> String {
        match self.money.power {
            0 => format!("{} {currency}", amount.to_fixed(self.money.places)),
            power => {
                let step = 10_i64.checked_pow(power).map_or(Number::ONE, Number::from_int);
                let scaled = amount.over(step, Rounding::CENTS);
                scaled
                    .map_or_else(|_| "n/a".into(), |n| format!("{}{} {currency}", n.grouped(), mark(self.money).trim()))
            }
        }
    }

    /// Amounts of which one place is enough.
    pub const fn coarse(self) -> Scale {
        match self.money.power {
            0 => self.money,
            power => Scale { power, places: 1 },
        }
    }

    /// `amounts in millions`
    pub fn amounts(self) -> String {
        format!("amounts {}", words(self.money))
    }

    /// `shares in thousands`
    pub fn shares(self) -> String {
        format!("shares {}", words(self.shares))
    }
}

/// `in millions`
pub(super) const fn words(scale: Scale) -> &'static str {
    match scale.power {
        9 => "in billions",
        6 => "in millions",
        3 => "in thousands",
        _ => "as they are",
    }
}

/// Behind the unit in a heading: ` m`.
pub(super) const fn mark(scale: Scale) -> &'static str {
    match scale.power {
        9 => " bn",
        6 => " m",
        3 => " k",
        _ => "",
    }
}

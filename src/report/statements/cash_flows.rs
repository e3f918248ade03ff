//! Cash flows: each entry that moves cash, by what it was for; operating ones again from income.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{EARNED, Ledger, headed};
use crate::ledger::{AccountId, EntryId};
use crate::num::{Fault, Number};
use crate::recognise::fold::Item;
use crate::report::build::Reporter;
use crate::report::columns::Days;
use crate::report::measure::Measured;
use crate::report::{Origin, Report, Row, Rule};
use crate::run::Replay;
use crate::terms::{AccountClass, AccountRef, Activity, Basis, BookAccount, Over, RuleKind, Value};
use crate::time::{Date, Period};

const SECTIONS: [(Activity, &str, &str); 3] = [
    (Activity::Operating, "operating_cash_flow", "Cash from operating activities"),
    (Activity::Investing, "investing_cash_flow", "Cash from investing activities"),
    (Activity::Financing, "financing_cash_flow", "Cash from financing activities"),
];

const SHEET: [AccountClass; 3] = [AccountClass::Asset, AccountClass::Liability, AccountClass::Equity];

/// The section a fact names.
pub(super) fn section(measure: &str) -> Option<Activity> {
    SECTIONS.iter().find(|(_, name, _)| *name == measure).map(|(activity, ..)| *activity)
}

/// A part of an entry: of which account, what was posted, and what cash it stands for.
pub(super) struct Leg<'r> {
    pub(super) entry: EntryId,
    date: Date,
    basis: Basis,
    pub(super) account: &'r BookAccount,
    /// The account of the ledger.
    pub(super) on: AccountId,
    posted: Number,
    pub(super) cash: Number,
    /// Whether the entry moves more of this section than its cash.
    crosses: bool,
    /// Whether what the entry moves without cash is investing or financing and touches no income.
    aside: bool,
}

/// The entries of a book without their cash, worked out once.
pub(super) struct Flows<'r, 'a> {
    pub(super) ledger: Ledger<'r, 'a>,
    pub(super) legs: Vec<Leg<'r>>,
    /// What changes of rates made of cash: no payment (ASC 830-230-45-1; IAS 7.28).
    effects: Vec<(EntryId, Date, Basis, Number)>,
}

impl<'r, 'a> Flows<'r, 'a> {
    /// The entries of a period. Cash is shared out over the legs of the other side, in proportion, so that what was
    /// paid for in shares or by an award is in no cash flow (ASC 230-10-50-3).
    pub fn new(ledger: Ledger<'r, 'a>, period: Period) -> Result<Self, Fault> {
        let mut flows = Self { ledger, legs: Vec::new(), effects: Vec::new() };
        let replay = ledger.measures.replay;
        let (Some(booking), Some(keeper)) = (replay.bookings.get(ledger.book), replay.keepers.get(ledger.book)) else {
            return Ok(flows);
        };
        let named = |name: &str| keeper.book.accounts.iter().find(|account| *account.name == *name);
        let exchange = keeper.book.rules.iter().find(|rule| matches!(rule.kind, RuleKind::Exchange { .. }));
        let of: BTreeMap<AccountId, &'r BookAccount> =
            booking.chart.iter().filter_map(|(id, account)| Some((id, named(&account.name)?))).collect();
        for (entry, made) in booking.journal.iter().filter(|(_, made)| period.contains(made.date)) {
            let mut cash = Number::ZERO;
            let mut legs = Vec::new();
            for posting in booking.journal.postings(made) {
                let Some(account) = of.get(&posting.account).copied() else { continue };
                let account = match account.activity {
                    Activity::Operating if SHEET.contains(&account.class) => {
                        let item = booking.chart.get(posting.account).map_or("", |account| &*account.item);
                        financed(replay, ledger.book, item, made.date).unwrap_or(account)
                    }
                    _ => account,
                };
                match (account.activity, account.class) {
                    (Activity::Cash, _) => cash = cash.plus(posting.amount)?,
                    (_, AccountClass::Memo) => {}
                    _ => {
                        let (date, basis, posted) = (made.date, made.cause.basis, posting.amount);
                        let (on, cash) = (posting.account, Number::ZERO);
                        legs.push(Leg { entry, date, basis, account, on, posted, cash, crosses: true, aside: false });
                    }
                }
            }
            if !cash.is_zero() && exchange.is_some_and(|rule| made.cause.rule.as_ref() == Some(&rule.name)) {
                flows.effects.push((entry, made.date, made.cause.basis, cash));
                continue;
            }
            // Cash for what is sold or repaid is all of its section; a gain or loss beside it moved none (ASC 230-10-45-28).
            let across = |leg: &Leg<'_>| !cash.is_zero() && leg.posted.is_negative() != cash.is_negative();
            let outside =
                |leg: &Leg<'_>| SHEET.contains(&leg.account.class) && leg.account.activity != Activity::Operating;
            let sold = legs.iter().any(|leg| across(leg) && outside(leg));
            let opposite = |leg: &Leg<'_>| across(leg) && !(sold && EARNED.contains(&leg.account.class));
            let mut sizes = legs.iter().filter(|leg| opposite(leg)).map(|leg| leg.posted.abs());
            let whole = sizes.try_fold(Number::ZERO, Number::plus)?;
            let (mut weight, mut given) = (Number::ZERO, Number::ZERO);
            for leg in legs.iter_mut().filter(|leg| opposite(leg)) {
                weight = weight.plus(leg.posted.abs())?;
                let so_far = if weight == whole { cash } else { cash.ratio_of(weight, whole, keeper.cents())? };
                leg.cash = so_far.minus(given)?;
                given = so_far;
            }
            for (activity, ..) in SECTIONS {
                let mut left = Number::ZERO;
                for leg in legs.iter().filter(|leg| leg.account.activity == activity) {
                    left = left.plus(leg.posted)?.plus(leg.cash)?;
                }
                for leg in legs.iter_mut().filter(|leg| leg.account.activity == activity) {
                    leg.crosses = !left.is_zero();
                }
            }
            let mut aside = false;
            for leg in &legs {
                if !leg.posted.plus(leg.cash)?.is_zero() {
                    if EARNED.contains(&leg.account.class) {
                        aside = false;
                        break;
                    }
                    aside |= leg.crosses && leg.account.activity != Activity::Operating;
                }
            }
            legs.iter_mut().for_each(|leg| leg.aside = aside);
            flows.legs.extend(legs);
        }
        Ok(flows)
    }

    /// A sum over the legs of a period, of those accounts.
    fn over(
        &self,
        period: Period,
        of: impl Fn(&BookAccount) -> bool,
        amount: impl Fn(&Leg<'_>) -> Result<Number, Fault>,
    ) -> Result<Measured, Fault> {
        let (mut total, mut certainty, mut entries) = (Number::ZERO, Basis::Actual, Vec::new());
        for leg in self.legs.iter().filter(|leg| period.contains(leg.date) && of(leg.account)) {
            let amount = amount(leg)?;
            total = total.plus(amount)?;
            if !amount.is_zero() && entries.last() != Some(&leg.entry) {
                certainty = certainty.max(leg.basis);
                entries.push(leg.entry);
            }
        }
        let origin = Origin::Entries { book: Some(self.ledger.book), entries };
        let unit = self.ledger.unit();
        Ok(Measured { value: Value::Known(total), missing: BTreeSet::new(), unit, certainty, origin })
    }

    /// What changes of rates made of cash in a period.
    fn effect(&self, period: Period) -> Result<Measured, Fault> {
        let mine = || self.effects.iter().filter(|(_, date, ..)| period.contains(*date));
        let value = Value::Known(Number::sum(mine().map(|(.., cash)| *cash))?);
        let certainty = mine().map(|(_, _, basis, _)| *basis).max().unwrap_or(Basis::Actual);
        let origin =
            Origin::Entries { book: Some(self.ledger.book), entries: mine().map(|(entry, ..)| *entry).collect() };
        Ok(Measured { value, missing: BTreeSet::new(), unit: self.ledger.unit(), certainty, origin })
    }

    /// What income has of it, taken out.
    fn without_effect(&self, period: Period) -> Result<Measured, Fault> {
        let effect = self.effect(period)?;
        Ok(Measured { value: effect.value.clone().map(|n| Ok(n.neg()))?, ..effect })
    }

    /// Cash of a section, entry by entry.
    pub fn of(&self, activity: Activity, period: Period) -> Result<Measured, Fault> {
        self.over(period, |account| account.activity == activity, |leg| Ok(leg.cash))
    }

    fn of_line(&self, accounts: &[&str], period: Period) -> Result<Measured, Fault> {
        self.over(period, |account| accounts.contains(&&*account.name), |leg| Ok(leg.cash))
    }

    /// What an account did to income and operations without cash: its movement, less the cash it stands for. What stays
    /// inside its section, such as a purchase on credit, did nothing.
    fn adjustment(&self, accounts: &[&str], period: Period) -> Result<Measured, Fault> {
        self.over(
            period,
            |account| accounts.contains(&&*account.name),
            |leg| match leg.account.activity {
                Activity::Operating if leg.aside => Ok(leg.cash),
                Activity::Operating => Ok(leg.posted.neg()),
                _ if leg.aside => Ok(Number::ZERO),
                _ if !leg.crosses => Ok(Number::ZERO),
                _ => leg.posted.neg().minus(leg.cash),
            },
        )
    }

    /// What a line gained without cash in entries of investing or financing, on its normal side (ASC 230-10-50-3; IAS 7.43).
    fn without_cash(&self, accounts: &[&str], class: AccountClass, period: Period) -> Result<Measured, Fault> {
        self.over(
            period,
            |account| accounts.contains(&&*account.name),
            |leg| match leg.aside {
                false => Ok(Number::ZERO),
                true if class.is_debit() => leg.posted.plus(leg.cash),
                true => Ok(leg.posted.plus(leg.cash)?.neg()),
            },
        )
    }

    /// Operating cash, from income: what the accounts of the balance sheet moved, from their balances.
    fn operating_from_income(&self, period: Period) -> Result<Value, Fault> {
        let (ledger, opening) = (self.ledger, period.from.prev());
        let earned = ledger.posted_earned(period.to)?.minus(ledger.posted_earned(opening)?)?;
        let mut total = Value::Known(earned);
        for (activity, ..) in SECTIONS {
            for class in SHEET {
                let names: Vec<&str> =
                    ledger.sheet_lines(activity, class).into_iter().flat_map(|(_, names)| names).collect();
                let before = ledger.posted_to(&names, class, opening)?;
                let change = Value::Known(ledger.posted_to(&names, class, period.to)?.minus(before)?);
                total = if class.is_debit() { total.minus(change)? } else { total.plus(change)? };
                if activity != Activity::Operating {
                    total = total.minus(self.of_line(&names, period)?.value)?;
                }
            }
        }
        total.plus(self.elsewhere(period)?.value)?.minus(self.effect(period)?.value)
    }

    /// Cash of income accounts that stand under investing or financing.
    fn elsewhere(&self, period: Period) -> Result<Measured, Fault> {
        let outside =
            |account: &BookAccount| EARNED.contains(&account.class) && account.activity != Activity::Operating;
        self.over(period, outside, |leg| Ok(leg.cash.neg()))
    }
}

/// The financing account that the sales of a supply go to by judgement: then what is billed and paid for it is of financing as well
/// (ASC 606-10-55-68).
fn financed<'r>(replay: &'r Replay<'_>, book: usize, item: &str, date: Date) -> Option<&'r BookAccount> {
    let keeper = replay.keepers.get(book)?;
    let item = Item::Supply(replay.terms.supplies_at(Some(item)).first().copied()?);
    let judged =
        (0..keeper.book.judged.len()).filter(|at| keeper.book.judged.get(*at).is_some_and(|j| j.over == Over::Supply));
    let state = replay.book(book, date);
    let mut names = judged.map(|at| keeper.account_name(AccountRef::Judged(at), state, item));
    let financing = |name: Arc<str>| {
        let account = keeper.book.accounts.iter().find(|account| account.name == name)?;
        (account.activity == Activity::Financing).then_some(account)
    };
    names.find_map(financing)
}

impl<'r> Ledger<'r, '_> {
    /// Cash of a section.
    pub fn cash_flow(self, activity: Activity, period: Period) -> Result<Measured, Fault> {
        Flows::new(self, period)?.of(activity, period)
    }

    /// Accounts of the balance sheet by section and line. One class after the other: a line of one name may stand
    /// among assets and among liabilities.
    fn sheet_lines(&self, activity: Activity, class: AccountClass) -> Vec<(Arc<str>, Vec<&'r str>)> {
        let Some(keeper) = self.measures.replay.keepers.get(self.book) else { return Vec::new() };
        let of = |name: &&str| {
            let account = keeper.book.accounts.iter().find(|a| *a.name == **name);
            account.is_some_and(|a| a.activity == activity)
        };
        let lines = self.lines(&[class]).into_iter();
        let own = lines.map(|(line, names)| (line, names.into_iter().filter(of).collect::<Vec<_>>()));
        own.filter(|(_, names)| !names.is_empty()).collect()
    }

    fn section_lines(&self, activity: Activity) -> Vec<(Arc<str>, Vec<&'r str>)> {
        SHEET.iter().flat_map(|class| self.sheet_lines(activity, *class)).collect()
    }

    /// Whether the book says which account is cash.
    pub fn has_cash(&self) -> bool {
        !self.sheet_lines(Activity::Cash, AccountClass::Asset).is_empty()
    }

    fn cash(&self, date: Date) -> Result<Measured, Fault> {
        let lines = self.sheet_lines(Activity::Cash, AccountClass::Asset);
        let accounts: Vec<&str> = lines.into_iter().flat_map(|(_, names)| names).collect();
        self.stands(&accounts, date)
    }
}

impl Reporter<'_, '_> {
    pub(super) fn cash_flow_tables(
        &mut self,
        report: &mut Report,
        ledger: Ledger<'_, '_>,
        columns: &[Days],
    ) -> Result<(), Fault> {
        let from = columns.iter().map(|(_, days)| days.from).min().unwrap_or(Date::MIN);
        let to = columns.iter().map(|(_, days)| days.to).max().unwrap_or(Date::MAX);
        let flows = Flows::new(ledger, Period { from, to })?;
        let mut table = headed("Cash flows", columns);
        table.rows.push(self.total("Net income", columns, |days| ledger.net_income(days))?);
        table.rows.extend(self.stated("Of it in other sections", columns, |days| flows.elsewhere(days))?.map(Row::of));
        let without = self.stated("Exchange differences on cash", columns, |days| flows.without_effect(days))?;
        table.rows.extend(without.map(|cells| Row::under(1, cells)));
        for (activity, ..) in SECTIONS {
            for (line, accounts) in ledger.section_lines(activity) {
                let of = |days| ledger.with_turned(flows.adjustment(&accounts, days)?, &accounts, days);
                let cells = self.stated(&line, columns, of)?;
                table.rows.extend(cells.map(|cells| Row::under(1, cells)));
            }
        }
        for (activity, _, title) in SECTIONS {
            if activity != Activity::Operating {
                let earned = ledger.earned_lines(activity);
                for (line, accounts) in ledger.section_lines(activity).into_iter().chain(earned) {
                    table.rows.extend(self.stated(&line, columns, |days| flows.of_line(&accounts, days))?.map(Row::of));
                }
            }
            table.rows.push(Row::Rule(Rule::Single));
            table.rows.push(self.total(title, columns, |days| flows.of(activity, days))?);
        }
        let effect = self.stated("Effect of exchange rates on cash", columns, |days| flows.effect(days))?;
        table.rows.extend(effect.map(Row::of));
        table.rows.push(Row::Rule(Rule::Double));
        table.rows.push(self.total("Cash at the beginning", columns, |days| ledger.cash(days.from.prev()))?);
        table.rows.push(self.total("Cash at the end", columns, |days| ledger.cash(days.to))?);
        table.footnotes.push(
            "Operating cash is net income, adjusted by what moved without cash. What was bought or issued without cash \
             is in no section, but below them where it moves no income."
                .into(),
        );
        report.tables.push(table);
        let mut aside = headed("Non-cash investing and financing", columns);
        for class in SHEET {
            for (line, accounts) in ledger.lines(&[class]) {
                let of = |days| flows.without_cash(&accounts, class, days);
                aside.rows.extend(self.stated(&line, columns, of)?.map(Row::of));
            }
        }
        if !aside.rows.is_empty() {
            report.tables.push(aside);
        }
        for (name, days) in columns {
            let mut all = ledger.cash(days.from.prev())?.value;
            for (activity, ..) in SECTIONS {
                all = all.plus(flows.of(activity, *days)?.value)?;
            }
            let effect = flows.effect(*days)?.value;
            let claim = match effect == Value::ZERO {
                true => "opening cash + the three sections = closing cash",
                false => "opening cash + the three sections + what rates made of it = closing cash",
            };
            all = all.plus(effect)?;
            self.check_of(report, "cash_flows_explain_cash", claim.into(), name, (all, ledger.cash(days.to)?.value));
            let sides = (flows.operating_from_income(*days)?, flows.of(Activity::Operating, *days)?.value);
            let claim = "net income and changes of balances = operating cash, entry by entry";
            self.check_of(report, "operating_cash_two_ways", claim.into(), name, sides);
        }
        Ok(())
    }
}

impl<'r> Ledger<'r, '_> {
    /// Income accounts that stand in a section, by line.
    fn earned_lines(&self, activity: Activity) -> Vec<(Arc<str>, Vec<&'r str>)> {
        let Some(keeper) = self.measures.replay.keepers.get(self.book) else { return Vec::new() };
        let accounts = keeper.book.accounts.iter();
        let mine = accounts.filter(|account| EARNED.contains(&account.class) && account.activity == activity);
        mine.map(|account| (account.caption(), vec![&*account.name])).collect()
    }
}

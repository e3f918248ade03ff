//! Both sides of the comparison as plain text by name.

use std::collections::BTreeMap;

use proforma::engine::evaluate::{Verdict, evaluate};
use proforma::engine::{Act, Inputs};
use proforma::num::Number;
use proforma::run::{Replay, Version};
use proforma::terms::{ClassId, ScenarioId, Stage, SupplyId, Terms, TrancheId, Trigger};
use proforma::time::Date;

use super::belief::Belief;
use super::books::Books;
use super::world::World;

/// What was found, by name. What is zero or absent is left out.
pub type Found = BTreeMap<String, String>;

/// How far apart days are on which balances are compared.
const EVERY: i64 = 17;

fn put(into: &mut Found, day: Date, what: &str, item: &str, number: Number) {
    if !number.is_zero() {
        into.insert(format!("{day} {item} {what}"), number.to_string());
    }
}

fn date(into: &mut Found, day: Date, what: &str, item: &str, date: Option<Date>) {
    if let Some(date) = date {
        into.insert(format!("{day} {item} {what} on"), date.to_string());
    }
}

fn known(value: Option<Number>) -> String {
    value.map_or_else(|| "undisclosed".to_owned(), |v| v.to_string())
}

/// The days compared: some between, and the last.
fn days(terms: &Terms, belief: &Belief, known_by: Option<Date>) -> Vec<Date> {
    let (first, last) = World::new(terms, belief, known_by).span();
    let mut days = Vec::new();
    let mut day = first;
    while day < last {
        days.push(day);
        day = day.plus_days(EVERY);
    }
    days.push(last);
    days
}

/// What the twin finds.
pub fn twin(terms: &Terms, scenarios: &[ScenarioId], known_by: Option<Date>) -> (Found, Vec<Date>) {
    let belief = Belief::new(terms, scenarios, known_by);
    let checkpoints = days(terms, &belief, known_by);
    let mut world = World::new(terms, &belief, known_by);
    let mut books = Books::default();
    let mut found = Found::new();
    let (mut day, last) = world.span();
    while day <= last {
        world.step(day);
        books.day(&world);
        if checkpoints.contains(&day) {
            twin_day(&mut found, &world, &books);
        }
        day = day.next();
    }
    for (id, kind) in &world.refused {
        found.insert(format!("refused {:03} {}", id.0, kind.code()), kind.title().to_owned());
    }
    let bills = world.bills.iter().flat_map(|(s, bills)| bills.iter().map(move |b| (*s, b)));
    let path = |s: SupplyId| terms.supplies[s.index()].path.to_string();
    let mut raised = Vec::new();
    let mut open = Vec::new();
    for (s, b) in bills {
        raised.push(format!(
            "bill {} {} due {}: {} ahead {}",
            path(s),
            b.raised,
            b.due,
            known(b.amount),
            known(b.ahead)
        ));
        if b.open.is_positive() {
            open.push(format!("open {} {} due {}: {} of {}", path(s), b.raised, b.due, b.open, known(b.amount)));
        }
    }
    count(&mut found, raised);
    count(&mut found, open);
    let called = world
        .calls
        .iter()
        .map(|c| format!("called {} {} due {}: {}", terms.tranches[c.tranche.index()].path, c.day, c.due, c.amount));
    count(&mut found, called.collect());
    count(&mut found, world.funded);
    (found, checkpoints)
}

/// Lists as sets with how often each stands in them.
fn count(found: &mut Found, list: Vec<String>) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    list.into_iter().for_each(|text| *times.entry(text).or_default() += 1);
    found.extend(times.into_iter().map(|(text, n)| (text, n.to_string())));
}

fn twin_day(found: &mut Found, world: &World<'_>, books: &Books) {
    let (terms, day) = (world.terms, world.day);
    for (id, r) in &world.rights {
        let item = &terms.tranches[id.index()].path;
        let stages = [("locked", r.locked), ("released", r.released), ("cleared", r.cleared)];
        stages.into_iter().chain([("used", r.used), ("lapsed", r.lapsed)]).for_each(|(what, n)| {
            put(found, day, what, item, n);
        });
        date(found, day, "vested", item, r.vested_on);
        date(found, day, "cleared", item, r.cleared_on);
        date(found, day, "lapsed", item, r.lapsed_on);
        let contract = world.contract(*id);
        if r.locked.is_positive() && !world.ended.contains_key(&contract) {
            let tranche = &terms.tranches[id.index()];
            let answer = world.answer(&tranche.vests, *id);
            found.insert(format!("{day} {item} answer"), format!("{answer:?}"));
        }
    }
    for (n, supply) in (0u32..).zip(&terms.supplies) {
        let (id, item) = (SupplyId(n), &supply.path);
        for trigger in [Trigger::Order, Trigger::Delivery, Trigger::Acceptance, Trigger::Invoice] {
            put(found, day, trigger.word(), item, world.total(id, trigger));
        }
        put(found, day, "passed", item, world.passed(id));
        put(found, day, "advance", item, world.advance.get(&id).copied().unwrap_or_default());
        let open = world.bills.get(&id).into_iter().flatten().map(|b| b.open);
        put(found, day, "open in all", item, Number::sum(open).unwrap());
    }
    for (what, purse) in [("cash", &world.cash), ("promised", &world.promised), ("capacity", &world.capacity)] {
        for ((party, currency), held) in purse {
            put(found, day, what, &format!("{} {currency}", terms.parties[party.index()].name), *held);
        }
    }
    for ((class, holder), held) in &world.shares {
        if let Some(holder) = holder {
            let name = format!("{} {}", terms.parties[holder.index()].name, terms.classes[class.index()].path);
            put(found, day, "holds", &name, *held);
        }
    }
    for (n, class) in (0u32..).zip(&terms.classes) {
        put(found, day, "outstanding", &class.path, world.outstanding(ClassId(n)));
    }
    for ((account, item), balance) in &books.balances {
        put(found, day, account, item, *balance);
    }
}

/// What the engine finds.
pub fn engine(replay: &Replay<'_>, checkpoints: &[Date]) -> Found {
    let (terms, mut found) = (replay.terms, Found::new());
    checkpoints.iter().for_each(|day| engine_day(&mut found, replay, replay.at(*day), *day));
    if let Some(fault) = &replay.fault {
        found.insert("fault".to_owned(), format!("{fault:?}"));
    }
    for refusal in &replay.register.refusals {
        let kind = refusal.kind;
        found.insert(format!("refused {:03} {}", refusal.line.0, kind.code()), kind.title().to_owned());
    }
    let mut raised = Vec::new();
    for outcome in &replay.register.outcomes {
        if let Act::Billed { supply, amount, ahead, due, .. } = &outcome.act {
            let path = &terms.supplies[supply.index()].path;
            let (amount, ahead) = (known(amount.known()), known(ahead.known()));
            raised.push(format!("bill {path} {} due {due}: {amount} ahead {ahead}", outcome.date));
        }
    }
    let mut open = Vec::new();
    for (supply, state) in replay.end().state.supplies.iter() {
        for b in state.bills.iter().filter(|b| b.open.is_positive()) {
            let path = &terms.supplies[supply.index()].path;
            open.push(format!("open {path} {} due {}: {} of {}", b.raised, b.due, b.open, known(b.amount.known())));
        }
    }
    count(&mut found, raised);
    count(&mut found, open);
    moneys(&mut found, replay);
    found
}

/// What was called and funded.
fn moneys(found: &mut Found, replay: &Replay<'_>) {
    let terms = replay.terms;
    let path = |t: TrancheId| &terms.tranches[t.index()].path;
    let (mut called, mut funded) = (Vec::new(), Vec::new());
    for outcome in &replay.register.outcomes {
        match &outcome.act {
            Act::Called { tranche, amount, due } => {
                called.push(format!("called {} {} due {due}: {amount}", path(*tranche), outcome.date));
            }
            Act::Funded { tranche, by, amount, issued, given, promised, priced: _ } => {
                let by = &terms.parties[by.index()].name;
                let told = format!("funded {} {} by {by} {amount}", path(*tranche), outcome.date);
                let how = format!("for {}, {given} given", known(issued.known()));
                funded.push(format!("{told} {}", if *promised { "promised" } else { &how }));
            }
            _ => {}
        }
    }
    count(found, called);
    count(found, funded);
}

fn engine_day(found: &mut Found, replay: &Replay<'_>, version: &Version, day: Date) {
    let (terms, state, chart) = (replay.terms, &version.state, &replay.register.chart);
    for (id, t) in &state.tranches {
        let item = &terms.tranches[id.index()].path;
        let stages = [
            ("locked", Stage::Locked),
            ("released", Stage::Released),
            ("cleared", Stage::Cleared),
            ("used", Stage::Used),
            ("lapsed", Stage::Lapsed),
        ];
        stages.into_iter().for_each(|(what, s)| put(found, day, what, item, stage(replay, version, *id, s)));
        date(found, day, "vested", item, t.vested);
        date(found, day, "cleared", item, t.cleared);
        date(found, day, "lapsed", item, t.lapsed);
        if stage(replay, version, *id, Stage::Locked).is_positive() && replay.engine.in_force(state, *id) {
            let gate = &terms.tranches[id.index()].vests;
            let answer = match evaluate(&replay.engine, state, *id, gate, day).unwrap().verdict {
                Verdict::Undetermined(_) => "Undetermined".to_owned(),
                other => format!("{other:?}"),
            };
            found.insert(format!("{day} {item} answer"), answer);
        }
    }
    for (id, s) in state.supplies.iter() {
        let item = &terms.supplies[id.index()].path;
        put(found, day, "order", item, s.ordered);
        put(found, day, "delivery", item, s.delivered);
        put(found, day, "acceptance", item, s.accepted);
        put(found, day, "invoice", item, s.invoiced);
        put(found, day, "passed", item, s.transferred);
        put(found, day, "advance", item, s.advance);
        put(found, day, "open in all", item, Number::sum(s.bills.iter().map(|b| b.open)).unwrap());
    }
    let parties: Vec<&str> = terms.parties.iter().map(|p| &*p.name).collect();
    for (id, account) in chart.iter().filter(|(_, a)| parties.contains(&&*a.owner)) {
        let held = state.balances.get(id);
        match &*account.name {
            "cash" => put(found, day, "cash", &format!("{} {}", account.owner, account.commodity), held),
            "promised_cash" => put(found, day, "promised", &format!("{} {}", account.owner, account.commodity), held),
            "capacity" if held.is_positive() => {
                put(found, day, "capacity", &format!("{} {}", account.owner, account.item), held);
            }
            "shares" => put(found, day, "holds", &format!("{} {}", account.owner, account.item), held),
            _ => {}
        }
    }
    for (n, class) in (0u32..).zip(&terms.classes) {
        put(found, day, "outstanding", &class.path, replay.engine.outstanding(chart, state, ClassId(n)));
    }
    engine_books(found, replay, version, day);
}

fn stage(replay: &Replay<'_>, version: &Version, id: TrancheId, stage: Stage) -> Number {
    replay.engine.stage(&version.state, id, stage)
}

/// Accounts of sellers and issuers: debit side, then credit side.
fn engine_books(found: &mut Found, replay: &Replay<'_>, version: &Version, day: Date) {
    const DEBIT: [&str; 8] = [
        "receivable",
        "contract_asset",
        "contra_revenue",
        "customer_incentive",
        "rpo",
        "capacity_credit",
        "operating_costs",
        "funding_given",
    ];
    const CREDIT: [(&str, &str); 7] = [
        ("receipts", "receipts"),
        ("funding_received", "funding_received"),
        ("revenue", "revenue"),
        ("contract_liability", "contract_liability"),
        ("customer_deposits", "customer_deposits"),
        ("award_equity", "award"),
        ("award_liability", "award"),
    ];
    let mut sums: BTreeMap<(String, String), Number> = BTreeMap::new();
    for (n, booking) in replay.bookings.iter().enumerate() {
        let book = replay.book(n, version.date);
        for (id, account) in booking.chart.iter() {
            // What is left to deliver for another currency the twin does not turn.
            let abroad = |path: &str| {
                let supply = replay.terms.supplies.iter().find(|supply| *supply.path == *path);
                supply.is_some_and(|s| replay.terms.parties[s.seller.index()].currency != s.currency)
            };
            if &*account.name == "rpo" && abroad(&account.item) {
                continue;
            }
            let balance = book.balances.get(id);
            let (name, balance) = match CREDIT.iter().find(|(name, _)| *name == &*account.name) {
                Some((_, name)) => (*name, balance.neg()),
                None if DEBIT.contains(&&*account.name) => (&*account.name, balance),
                None => continue,
            };
            let sum = sums.entry((account.item.to_string(), name.to_owned())).or_default();
            *sum = sum.plus(balance).unwrap();
        }
    }
    sums.iter().for_each(|((item, name), sum)| put(found, day, name, item, *sum));
}

/// Runs both and says where they differ.
pub fn differences(terms: &Terms, scenarios: &[ScenarioId], known_by: Option<Date>) -> Vec<String> {
    let (left, checkpoints) = twin(terms, scenarios, known_by);
    let inputs = match Inputs::select(terms, scenarios, known_by) {
        Ok(inputs) => inputs,
        Err(fault) => return vec![format!("inputs: {fault:?}")],
    };
    let replay = match Replay::new(terms, &inputs, None) {
        Ok(replay) => replay,
        Err(fault) => return vec![format!("start: {fault:?}")],
    };
    let right = engine(&replay, &checkpoints);
    let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let nothing = "-".to_owned();
    names
        .into_iter()
        .map(|name| (name, left.get(name).unwrap_or(&nothing), right.get(name).unwrap_or(&nothing)))
        .filter(|(_, l, r)| l != r)
        .map(|(name, l, r)| format!("{name}: twin {l}, engine {r}"))
        .collect()
}

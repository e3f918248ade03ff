//! Random programs: parties, one or two contracts, a price file and a ledger, as removable pieces of text.

use std::collections::BTreeMap;

use proforma::check::Files;
use proforma::time::{Date, TradingCalendar};

use super::dealtext::Deal;
use super::dice::Dice;
use super::flowtext::Line;
use super::lines;

/// A program in pieces. Each piece can be left out to make a smaller one.
#[derive(Clone, Debug)]
pub struct Story {
    pub rules: Vec<Piece>,
    pub lines: Vec<String>,
    pub closes: Vec<String>,
    pub known_by: Option<Date>,
    /// Names of scenarios to run.
    pub scenarios: Vec<String>,
    /// Of the pieces being written.
    pub group: String,
}

/// Text that stays, or one line of it that may go.
#[derive(Clone, Debug)]
pub struct Piece {
    pub text: String,
    pub fixed: bool,
    /// `c2` or `c2.w`; all of a group may go together.
    pub group: String,
}

/// What lines may talk about.
#[derive(Default)]
pub struct Cast {
    pub signed: Vec<Date>,
    /// Path, unit, events, and the most that may be sold.
    pub supplies: Vec<(String, String, Vec<&'static str>, i64)>,
    pub tranches: Vec<(String, i64)>,
    pub contracts: Vec<String>,
    /// Currencies of the supplies.
    pub paid_in: Vec<&'static str>,
    pub deals: Vec<Deal>,
    pub flows: Vec<Line>,
    /// Some of it is in euros, and there is a rate.
    pub euro: bool,
    /// `Other` keeps its books in euros.
    pub other_in_euros: bool,
    /// `Buyer` has a second class.
    pub preferred: bool,
}

impl Cast {
    pub fn currency(&self, party: &str) -> &'static str {
        if party == "Other" && self.other_in_euros { "EUR" } else { "USD" }
    }
}

/// Files in memory.
#[derive(Default)]
pub struct Memory(pub BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|t| t.clone().into_bytes()).ok_or_else(|| "no such file".to_owned())
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
        self.0.keys().filter(|n| n.starts_with(before) && n.ends_with(after)).cloned().collect()
    }
}

pub const BOOK: &str = include_str!("../../../rules/books/us-gaap.pf");

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

impl Story {
    pub fn new(seed: u64) -> Self {
        Self::told(&mut Dice::new(seed))
    }

    /// With whatever the dice say.
    pub fn told(dice: &mut Dice) -> Self {
        let mut story = Self {
            rules: Vec::new(),
            lines: Vec::new(),
            closes: Vec::new(),
            known_by: None,
            scenarios: Vec::new(),
            group: String::new(),
        };
        let mut cast = Cast { euro: dice.one_in(3), preferred: dice.one_in(3), ..Cast::default() };
        cast.other_in_euros = cast.euro && dice.one_in(2);
        story.parties(dice, &cast);
        for n in 1..=1 + dice.below(2) {
            story.contract(dice, &mut cast, n);
        }
        story.flows(dice, &mut cast);
        story.closes(dice);
        lines::ledger(&mut story, dice, &cast);
        if dice.one_in(3) {
            story.known_by = Some(day("2026-01-05").plus_days(dice.below(500)));
        }
        story
    }

    /// The rule file.
    pub fn rules(&self) -> String {
        self.rules.iter().map(|p| format!("{}\n", p.text)).collect()
    }

    /// The ledger file.
    pub fn ledger(&self) -> String {
        let head = "use \"rules.pf\"\nprices close(Maker.common) from \"closes.csv\"\n";
        let head = if self.closes.is_empty() { "use \"rules.pf\"\n" } else { head };
        format!("{head}{}", self.lines.iter().map(|l| format!("{l}\n")).collect::<String>())
    }

    pub fn csv(&self) -> String {
        format!("date,close\n{}", self.closes.iter().map(|l| format!("{l}\n")).collect::<String>())
    }

    pub fn files(&self) -> Memory {
        let files = [("book.pf", BOOK.to_owned()), ("rules.pf", self.rules()), ("all.ledger", self.ledger())];
        let mut files: BTreeMap<String, String> = files.into_iter().map(|(n, t)| (n.to_owned(), t)).collect();
        files.insert("closes.csv".to_owned(), self.csv());
        Memory(files)
    }

    pub fn fixed(&mut self, text: impl Into<String>) {
        self.rules.push(Piece { text: text.into(), fixed: true, group: self.group.clone() });
    }

    pub fn loose(&mut self, text: impl Into<String>) {
        self.rules.push(Piece { text: text.into(), fixed: false, group: self.group.clone() });
    }

    fn parties(&mut self, dice: &mut Dice, cast: &Cast) {
        self.fixed("use \"book.pf\"\nunit rack");
        let authorised = if dice.one_in(4) { ", authorised 2_400 shares" } else { "" };
        let pool = if dice.one_in(3) { " { attribution = single_pool }" } else { "" };
        self.fixed(format!(
            "party Maker \"Maker\" {{ currency USD; class common par 0.01 USD/share{authorised}, calendar nyse; book us_gaap{pool} }}"
        ));
        let second = if cast.preferred { "; class preferred par 0.01 USD/share, calendar nyse" } else { "" };
        self.fixed(format!(
            "party Buyer \"Buyer\" {{ currency USD; class common par 0.01 USD/share, calendar nyse{second}; book us_gaap }}"
        ));
        let home = cast.currency("Other");
        self.fixed(format!(
            "party Other \"Other\" {{ currency {home}; class common par 0.01 {home}/share, calendar nyse; book us_gaap }}"
        ));
        self.fixed("party Partner \"Partner\" { currency USD }");
        self.fixed(format!("assume guess = {} USD/rack \"a price\"", dice.below(400) + 1));
    }

    fn contract(&mut self, dice: &mut Dice, cast: &mut Cast, n: i64) {
        let signed = day("2026-01-02").plus_days(dice.below(60));
        let buyer = *dice.pick(&["Buyer", "Other"]);
        let name = format!("c{n}");
        self.group.clone_from(&name);
        self.fixed(format!(
            "contract {name} \"{name}\" between Maker as seller, {buyer} as buyer, Partner as co_investor {{\n  signed {signed}"
        ));
        if dice.one_in(6) {
            self.loose(format!("  standing {}", dice.pick(&["letter of intent", "announced", "definitive option"])));
        }
        if n == 2 && dice.one_in(6) {
            let on = if dice.one_in(2) { format!(" on {}", signed.plus_days(dice.below(250))) } else { String::new() };
            self.loose(format!("  supersedes c1{on}"));
        }
        cast.signed.push(signed);
        cast.contracts.push(name.clone());
        let by_value = dice.one_in(6);
        let (unit, events): (&str, Vec<&'static str>) =
            if by_value { ("USD", vec!["invoice"]) } else { ("rack", vec!["order", "delivery", "acceptance"]) };
        let scale = if by_value { 1000 } else { 1 };
        let currency = if cast.euro && !by_value && dice.one_in(3) { "EUR" } else { "USD" };
        let mut most = self.supply(dice, unit, &events, scale, currency);
        if dice.one_in(2) {
            most *= 2;
        }
        cast.supplies.push((format!("{name}.s"), unit.to_owned(), events.clone(), most));
        cast.paid_in.push(currency);
        self.fixed(format!("  counter n0 = sum {unit} over {} s by friends since signed", events[0]));
        let mut counters = Vec::new();
        for k in 1..=1 + dice.below(3) {
            let event = if k > 1 && dice.one_in(4) { "payment" } else { *dice.pick(&events) };
            let of = if event == "payment" { currency } else { unit };
            counters.push((format!("n{k}"), of.to_owned()));
            let by = dice.pick(&["anyone", "Buyer", "Buyer, Other", "Other, friends", "friends"]);
            let since =
                if dice.one_in(2) { "signed".to_owned() } else { signed.plus_days(dice.below(120) - 10).to_string() };
            let until =
                if dice.one_in(3) { format!(" until {}", signed.plus_days(100 + dice.below(200))) } else { "".into() };
            self.fixed(format!("  counter n{k} = sum {of} over {event} s by {by} since {since}{until}"));
        }
        if !dice.one_in(6) {
            self.group = format!("{name}.w");
            self.warrant(dice, cast, &name, signed, buyer, unit, &counters, scale);
            self.group.clone_from(&name);
        }
        if !dice.one_in(3) {
            self.group = format!("{name}.i");
            let at =
                super::gatetext::Gates { signed, counters: &counters, scale, own: 0, of: 0, prefix: "A", reached: &[] };
            self.investment(dice, cast, &name, buyer, &at);
            self.group.clone_from(&name);
        }
        self.fixed("}");
        self.group.clear();
    }

    fn supply(&mut self, dice: &mut Dice, unit: &str, events: &[&'static str], scale: i64, currency: &str) -> i64 {
        self.fixed("  supply s {");
        let firm = (dice.below(6) + 1) * 10 * scale;
        self.loose(format!("    {firm} {unit} definitive firm"));
        let mut most = firm;
        let standings = ["definitive option", "letter of intent", "announced option", "definitive firm"];
        for _ in 0..dice.below(3) {
            let more = (dice.below(9) + 1) * 5 * scale;
            self.loose(format!("    {more} {unit} {}", dice.pick(&standings)));
            most += more;
        }
        if unit == "rack" {
            let price = match dice.below(8) {
                0 if currency == "USD" => "guess".to_owned(),
                1 => format!("undisclosed {currency}/rack"),
                2 => format!("0.07 {currency}/rack"),
                3 => format!("1_000 {currency}/rack"),
                _ => format!("{}.{:03} {currency}/rack", dice.below(50), dice.below(1000)),
            };
            self.fixed(format!("    price {price}"));
        }
        let mut triggers = events.to_vec();
        if dice.one_in(4) {
            triggers.push("signing");
        }
        let parts = dice.below(3);
        for _ in 0..parts {
            let share = dice.pick(&["10%", "12.5%", "33.3%", "7%", "20%"]);
            let when = Self::when(dice, &triggers);
            self.fixed(format!("    pays {share} of price {when}"));
        }
        let when = Self::when(dice, &triggers);
        self.fixed(format!("    pays rest {when}\n    control passes at {}\n  }}", dice.pick(events)));
        most
    }

    fn when(dice: &mut Dice, triggers: &[&'static str]) -> String {
        let trigger = *dice.pick(triggers);
        match dice.below(3) {
            0 => format!("on {trigger}"),
            1 => format!("{} days after {trigger}", dice.below(60) + 1),
            _ if trigger == "signing" => "on signing".to_owned(),
            _ => format!("{} days before {trigger}", dice.below(91) + 1),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a test")]
    fn warrant(
        &mut self,
        dice: &mut Dice,
        cast: &mut Cast,
        contract: &str,
        signed: Date,
        buyer: &'static str,
        unit: &str,
        counters: &[(String, String)],
        scale: i64,
    ) {
        let count = 1 + dice.below(6);
        let sizes: Vec<i64> = (0..count).map(|_| 10 + dice.below(90)).collect();
        let strike = match dice.below(6) {
            0 => "undisclosed".to_owned(),
            1 => "0.01".to_owned(),
            n => format!("{}.{:02}", n * 7, dice.below(100)),
        };
        let total: i64 = sizes.iter().sum();
        self.fixed(format!(
            "  warrant w over {total} shares of Maker.common at {strike} USD/share, issuer Maker, holder {buyer} {{"
        ));
        let granted = signed.plus_days(if dice.one_in(2) { 0 } else { dice.below(40) });
        let expires = granted.plus_days(150 + dice.below(350));
        self.fixed(format!("    granted {granted}"));
        self.fixed(if dice.one_in(5) { "    expires never".to_owned() } else { format!("    expires {expires}") });
        self.fixed(format!(
            "    exercise {}",
            dice.pick(&["cash", "net", "cash or net", "cash or net", "undisclosed"])
        ));
        self.fixed(format!("    {} for splits", dice.pick(&["adjusts", "adjusts", "no adjustment"])));
        if dice.one_in(6) {
            self.loose("    exercisable when attested open");
        }
        for (k, size) in (1i64..).zip(&sizes) {
            let gates = super::gatetext::Gates {
                signed,
                counters,
                scale,
                own: k,
                of: count,
                prefix: "T",
                reached: &["vested", "exercisable", "exercised"],
            };
            let vests =
                if dice.one_in(8) { "vests at signing".into() } else { format!("vests when {}", gates.any(dice)) };
            let clear = if dice.one_in(5) { format!("; exercisable when {}", gates.any(dice)) } else { String::new() };
            let fair = if dice.one_in(7) { "undisclosed".to_owned() } else { format!("{}.37", dice.below(30)) };
            let from = dice.below(40) * scale;
            let to = from + (dice.below(30) + 1) * scale;
            let by =
                if dice.one_in(4) { format!("; by {}", granted.plus_days(dice.below(300))) } else { String::new() };
            self.fixed(format!(
                "    tranche T{k} {size} shares {{ {vests}{clear}; fair value {fair} USD/share; \
                 earned over {from} {unit} to {to} {unit} of n1{by} }}"
            ));
            cast.tranches.push((format!("{contract}.w.T{k}"), *size));
        }
        self.fixed("  }");
    }

    fn closes(&mut self, dice: &mut Dice) {
        if dice.one_in(8) {
            return;
        }
        let calendar = TradingCalendar::nyse();
        let mut price = 2000 + dice.below(2000);
        let mut date = day("2026-01-02").plus_days(dice.below(40));
        let last = date.plus_days(dice.below(450));
        let gaps = dice.one_in(3);
        while date <= last {
            if calendar.is_trading(date) && !(gaps && dice.one_in(25)) {
                self.closes.push(format!("{date},{}.{:02}", price / 100, price % 100));
            }
            price = (price + dice.below(301) - 145).max(300);
            date = date.next();
        }
    }
}

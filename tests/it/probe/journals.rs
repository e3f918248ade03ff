//! What holds of every journal of another program: reading ends, places lie in the text, and what is accepted balances
//! and says the same when it is written out.

use std::collections::{BTreeMap, BTreeSet};

use proforma::base::{Code, Diagnostic, SourceId, Span};
use proforma::num::Fixed;
use proforma::plaintext::{Books, Dialect, Included, Includes, Kind, read};
use proforma::time::Date;

use super::files::Bytes;
use super::runs::{Depth, everything};

/// Nothing can be included.
struct Alone;

impl Includes for Alone {
    fn include(&mut self, _: SourceId, _: &str, span: Span) -> Result<Vec<Included>, Box<Diagnostic>> {
        Err(Box::new(Diagnostic::new(Code::FileNotFound, span, "nothing is included here")))
    }
}

/// Held by account and commodity; what is nothing is left out.
type Held = BTreeMap<(String, String), Fixed>;

/// Reads a text as a journal; whether it was accepted.
pub fn reads(dialect: Dialect, text: &str) -> bool {
    let (books, found) = read(dialect, (SourceId(0), text), &mut Alone);
    for diagnostic in found.iter() {
        let places = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary).map(|(span, _)| *span);
        for span in places.chain(diagnostic.fixes.iter().map(|fix| fix.span)) {
            let (start, end) = (span.start as usize, span.end as usize);
            assert!(text.get(start..end).is_some(), "{start}..{end} of {}: {diagnostic:?}", text.len());
        }
    }
    opens(dialect, text);
    if found.has_errors() {
        return false;
    }
    let Some(held) = held(&books) else { return true };
    balances(&books, dialect, text);
    again(&books, &held, text);
    true
}

/// What every account holds, added up here from the entries, as the books have it; `None` if it cannot be added.
fn held(books: &Books) -> Option<Held> {
    let theirs = books.balances(Date::MAX).ok()?;
    let names = &books.journal;
    let mut sums: BTreeMap<(u32, u32), Fixed> = BTreeMap::new();
    for entry in &books.entries {
        let sum = sums.entry((entry.account, entry.commodity)).or_insert(Fixed::ZERO);
        *sum = sum.plus(entry.amount).ok()?;
    }
    assert_eq!(sums.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (key, sum) in &sums {
        assert!(theirs[key].amount.minus(*sum).is_ok_and(|rest| rest.is_zero()), "{key:?}: {sum}");
    }
    let named = |(account, commodity): (u32, u32)| {
        (names.accounts.get(account).to_owned(), names.commodities.get(commodity).to_owned())
    };
    Some(sums.into_iter().filter(|(_, sum)| !sum.is_zero()).map(|(key, sum)| (named(key), sum)).collect())
}

/// Where nothing has a price or a cost, the amounts of a transaction come to nothing, up to a last place that it shows.
fn balances(books: &Books, dialect: Dialect, text: &str) {
    let journal = &books.journal;
    // Prices, costs and what widens the tolerance; for hledger and ledger also what is shown with fewer places.
    let special: &[&str] = match dialect {
        Dialect::Beancount => &["@", "{", "tolerance"],
        Dialect::Hledger | Dialect::Ledger => &["@", "{", "commodity", "D ", "=", "D\t"],
    };
    if special.iter().any(|mark| text.contains(mark)) {
        return;
    }
    let mut entries: BTreeMap<(u32, u32), Vec<_>> = BTreeMap::new();
    for entry in &books.entries {
        entries.entry((entry.span.start, entry.span.end)).or_default().push(entry);
    }
    let places = books.entries.iter().map(|e| e.amount.to_string());
    let shown = places.map(|text| text.split_once('.').map_or(0, |(_, digits)| digits.len()));
    let coarsest = shown.min().unwrap_or(0);
    for transaction in &journal.transactions {
        for kind in [Kind::Real, Kind::Balanced] {
            let lines: BTreeSet<(u32, u32)> = journal
                .postings_of(transaction)
                .iter()
                .filter(|posting| posting.kind == kind)
                .map(|posting| (posting.span.start, posting.span.end))
                .collect();
            let mut sums: BTreeMap<u32, Fixed> = BTreeMap::new();
            for entry in lines.iter().flat_map(|line| entries.get(line).into_iter().flatten()) {
                let sum = sums.entry(entry.commodity).or_insert(Fixed::ZERO);
                let Ok(more) = sum.plus(entry.amount) else { return };
                *sum = more;
            }
            for (commodity, sum) in sums {
                let Ok(number) = sum.number() else { return };
                let off = number.abs();
                let unit = proforma::num::Number::from_parts(1, u32::try_from(coarsest).unwrap()).unwrap();
                let name = journal.commodities.get(commodity);
                assert!(off < unit, "{} is left over of {name} on {}\n{text}", sum, transaction.date);
            }
        }
    }
}

/// Written out posting by posting and read again, it holds the same.
fn again(books: &Books, held: &Held, text: &str) {
    let names = &books.journal;
    let mut out = String::new();
    for entry in &books.entries {
        let (account, commodity) = (names.accounts.get(entry.account), names.commodities.get(entry.commodity));
        // Names that only the other program can write.
        let odd = |name: &str, marks: &str| name.chars().any(|c| c.is_control() || marks.contains(c));
        if odd(account, ";()[]") || odd(commodity, "\"") || account.contains("  ") || account.trim() != account {
            return;
        }
        let commodity = if commodity.is_empty() { String::new() } else { format!(" \"{commodity}\"") };
        out.push_str(&format!("{} x\n    ({account})  {}{commodity}\n", entry.date, pointed(entry.amount)));
    }
    let (books, found) = read(Dialect::Hledger, (SourceId(0), &out), &mut Alone);
    let wrong: Vec<&Diagnostic> = found.iter().filter(|d| d.severity == proforma::base::Severity::Error).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{out}\n# from\n{text}");
    let same: Vec<String> = held.iter().map(|(key, sum)| format!("{key:?} {}", sum.trimmed())).collect();
    let read: Vec<String> =
        self::held(&books).unwrap_or_default().iter().map(|(key, sum)| format!("{key:?} {}", sum.trimmed())).collect();
    assert_eq!(read, same, "{out}\n# from\n{text}");
}

/// With a point that cannot be taken for a mark of thousands.
fn pointed(amount: Fixed) -> String {
    let text = amount.to_string();
    if text.contains('.') { format!("{text}0") } else { text }
}

/// A party opens with it.
fn opens(dialect: Dialect, text: &str) {
    let ending = match dialect {
        Dialect::Beancount => "beancount",
        Dialect::Hledger => "journal",
        Dialect::Ledger => "dat",
    };
    let name = format!("a.{ending}");
    let main = format!(
        "party Maker \"Maker\" {{ currency USD; class common par 0.01 USD/share, calendar nyse }}\n\
         use \"{name}\" for Maker on 2026-12-31 {{ cash from \"*\" in \"USD\"; Maker.common from \"*\" in \"M\" }}\n"
    );
    let depth = Depth { scenarios: 0, explained: 2, parties: 0, turn: Some(0) };
    everything(&Bytes::new(&[("main.pf", &main), (&name, text)]), "main.pf", depth);
}

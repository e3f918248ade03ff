//! Rates of exchange and valuations: the last value on or before the day holds; before the first there is none.

use crate::common::{checked_text, inputs, number};
use proforma::engine::quotes::quote;
use proforma::terms::Quoted;
use proforma::time::Date;

const TEXT: &str = "party A \"A\" { currency USD }\n\
    2026-01-05 price rate(EUR in USD) 1.10 USD/EUR\n\
    2026-02-02 price rate(EUR in USD) 1.20 USD/EUR\n\
    2026-01-10 price valuation(A) 500bn USD\n\
    path valuation(A) from 2026-03-01 at 100 USD linear to 110 USD at 2026-03-05 assumed\n\
    scenario weak from base { path rate(EUR in USD) from 2026-01-10 flat 0.90 USD/EUR to 2026-01-20 }\n";

#[test]
fn the_last_value_holds() {
    let checked = checked_text(TEXT);
    let rate = Quoted::Rate("EUR".into(), "USD".into());
    let valuation = Quoted::Valuation(proforma::terms::PartyId(0));
    let on = |scenarios: &[&str], of: &Quoted, day: &str| {
        quote(&inputs(&checked, scenarios), of, Date::parse(day).unwrap()).map(|q| q.value)
    };
    assert_eq!(on(&[], &rate, "2026-01-04"), None);
    assert_eq!(on(&[], &rate, "2026-01-05"), Some(number("1.1")));
    assert_eq!(on(&[], &rate, "2026-02-01"), Some(number("1.1")));
    assert_eq!(on(&[], &rate, "2026-12-31"), Some(number("1.2")));
    // A scenario's last value holds on after its path.
    assert_eq!(on(&["weak"], &rate, "2026-01-09"), Some(number("1.1")));
    assert_eq!(on(&["weak"], &rate, "2026-02-01"), Some(number("0.9")));
    assert_eq!(on(&["weak"], &rate, "2026-02-02"), Some(number("1.2")));
    // A straight line by calendar days, Saturday and Sunday too: 100, 102.5, 105, 107.5, 110.
    assert_eq!(on(&[], &valuation, "2026-03-03"), Some(number("105")));
    assert_eq!(on(&[], &valuation, "2026-02-28"), Some(number("500000000000")));
    assert_eq!(on(&[], &valuation, "2027-01-01"), Some(number("110")));
    assert_eq!(on(&[], &Quoted::Rate("USD".into(), "EUR".into()), "2026-02-02"), None);
}

//! Books.

use super::*;
use crate::terms::{AccountRef, Book, BookExpr, Method, RuleKind};

const DECLARED: &str = "policy attribution = own_band | single_pool
  account cash asset; account debt liability; account sales income; account rpo memo
  account a1 equity; account a2 liability; account rpo_control memo
  account award(t) = a1 | a2, by judgement of t cite \"x\"\n";

fn book(rules: &str) -> Checked {
    checked(&[("book.pf", &format!("book b {{ {DECLARED}{rules} }}\n"))])
}

fn built(rules: &str) -> Book {
    clean(book(rules)).books.remove(0)
}

#[test]
fn rules_are_resolved() {
    let book = built(
        "on pay p as seller { dr cash p.amount; cr debt p.advance; cr sales p.applied } cite \"1\" read
         on pay p as seller { dr cash p.amount; cr debt rest } cite \"2\"
         on exercise x as issuer { dr cash x.paid; dr award(x.tranche) award(x.tranche).carrying; cr sales x.par; cr debt rest } cite \"3\"
         keep sales(t) = 2 * earned(t, attribution) * t.size * fair_value(t, grant) against award(t) as issuer cite \"4\"
         keep rpo(s) for each supply s = max(backlog(s) - allocated(s, attribution), 0) against rpo_control as seller cite \"5\"
         keep debt(t) = vested(t) * t.size * fair_value(t, grant) against cash as holder cite \"6\"
         on exercise x as holder { dr cash rest; cr debt debt(x.tranche).carrying } cite \"7\"",
    );
    let names: Vec<&str> = book.rules.iter().map(|r| &*r.name).collect();
    assert_eq!(
        names,
        [
            "on pay as seller",
            "on pay as seller 2",
            "on exercise as issuer",
            "keep sales as issuer",
            "keep rpo as seller",
            "keep debt as holder",
            "on exercise as holder"
        ]
    );
    assert!(book.rules[0].cite.as_ref().unwrap().read && !book.rules[1].cite.as_ref().unwrap().read);
    let RuleKind::On { legs, .. } = &book.rules[2].kind else { panic!() };
    assert_eq!(legs[1].1, AccountRef::Judged(0));
    assert!(matches!(legs[1].2, Some(BookExpr::Carrying(AccountRef::Judged(0)))));
    assert!(legs[3].2.is_none());
    let RuleKind::Keep { target: BookExpr::Mul(left, right), .. } = &book.rules[3].kind else { panic!() };
    assert!(matches!(&**right, BookExpr::Method(Method::FairValue, words) if &*words[0] == "grant"));
    assert!(matches!(&**left, BookExpr::Mul(_, size) if matches!(**size, BookExpr::Size)));
    let RuleKind::On { legs, .. } = &book.rules[6].kind else { panic!() };
    assert!(matches!(legs[1].2, Some(BookExpr::Carrying(AccountRef::Plain(1)))));
    assert_eq!(book.judged[0].choices, [4, 5]);
}

#[test]
fn wrong_rules() {
    for (rule, code, word) in [
        ("on pay p as seller { dr cahs p.amount; cr debt rest }", "E0501", "cahs"),
        ("on pay p as seller { dr award p.amount; cr debt rest }", "E0501", "award"),
        ("on vest v as issuer { dr awrd(v.tranche) v.shares; cr debt rest }", "E0501", "awrd"),
        ("on pays p as seller { dr cash p.amount; cr debt rest }", "E0503", "pays"),
        ("on pay p for deposit as seller { dr cash p.amount; cr debt rest }", "E0503", "deposit"),
        ("on pay p as sellr { dr cash p.amount; cr debt rest }", "E0208", "sellr"),
        ("on pay p as seller { dr cash p.amont; cr debt rest }", "E0504", "amont"),
        ("on pay p as seller { dr cash q.amount; cr debt rest }", "E0204", "q"),
        ("on pay p as seller { dr cash amount; cr debt rest }", "E0504", "amount"),
        ("on pay p as seller { dr cash rest; cr debt rest }", "E0506", "cr debt rest"),
        ("on pay p as seller { dr cash 2 USD; cr debt rest }", "E0208", "USD"),
        ("on pay p as seller { dr cash p.amount / 2; cr debt rest }", "E0208", "p.amount / 2"),
        ("on pay p as seller { dr cash probable(p); cr debt rest }", "E0208", "probable"),
        ("on vest v as issuer { dr cash award(v).carrying; cr debt rest }", "E0208", "v"),
        ("on vest v as issuer { dr cash award(v.tranche).size; cr debt rest }", "E0504", "size"),
        ("keep sales(t) = earnt(t, attribution) against cash as issuer", "E0502", "earnt"),
        ("keep sales(t) = earned(t, attributon) against cash as issuer", "E0507", "attributon"),
        ("keep sales(t) = earned(t) against cash as issuer", "E0208", "earned(t)"),
        ("keep sales(t) = earned(s, attribution) against cash as issuer", "E0208", "s"),
        ("keep sales(t) = backlog(t) against cash as issuer", "E0208", "backlog"),
        ("keep sales(t) = t.length against cash as issuer", "E0504", "length"),
        ("keep rpo(s) for each contract s = backlog(s) against cash as seller", "E0208", "contract"),
        ("account b = c equity", "E0111", "="),
    ] {
        let checked = book(&format!("{rule} cite \"1\""));
        let error = only(&checked, code);
        assert_eq!(checked.sources.text(error.primary.0), word, "{rule}");
    }
}

#[test]
fn declarations() {
    for (rule, code) in [
        ("account cash asset", "E0205"),
        ("policy attribution = a", "E0205"),
        ("policy p = a | a", "E0205"),
        ("account fund assets", "E0208"),
        ("account w(t) = a1 | a3, by judgement of t cite \"1\"", "E0501"),
    ] {
        only(&book(rule), code);
    }
}

#[test]
fn legs_cancel() {
    let one = book("on pay p as seller { dr cash p.amount; cr debt p.applied } cite \"1\"");
    assert_eq!(only(&one, "E0505").primary.1, "debits are `advance` more than credits");
    built("on bill b as seller { dr cash b.ahead + b.earned; cr debt b.amount } cite \"1\"");
    built("on transfer d as buyer { dr cash d.price * 2; cr debt 2 * (d.prepaid + d.unbilled) } cite \"1\"");
    only(&book("on order o as buyer { dr cash o.price; cr debt o.price * 2 } cite \"1\""), "E0505");
}

#[test]
fn citations_are_missed() {
    let bare = book("on pay p as seller { dr cash p.amount; cr debt rest }");
    assert!(!bare.diagnostics.has_errors());
    only(&bare, "W0508");
}

#[test]
fn parties_choose() {
    let party = |clause: &str| {
        let text = format!("book b {{ {DECLARED} }}\nparty X \"X\" {{ currency USD; {clause} }}\n");
        checked(&[("book.pf", text.as_str())])
    };
    let terms = clean(party("book b { attribution = single_pool }"));
    assert_eq!(terms.parties[0].book.clone().unwrap().1, [("attribution".into(), "single_pool".into())]);
    only(&party("book b { atribution = single_pool }"), "E0507");
    only(&party("book b { attribution = pool }"), "E0507");
    only(&party("book b { attribution = own_band; attribution = own_band }"), "E0210");
    only(&party("book b; book b"), "E0210");
}

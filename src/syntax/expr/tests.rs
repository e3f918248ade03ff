use crate::base::SourceId;
use crate::syntax::ast::{Expr, ExprKind, ItemKind};
use crate::syntax::{parse, print};

fn read(text: &str) -> (Option<Expr>, String) {
    let (file, diagnostics) = parse(SourceId(0), &format!("assert {text}"));
    let said = diagnostics.iter().map(|d| format!("{}: {}\n", d.code, d.message)).collect();
    let claim = file.items.into_iter().find_map(|item| match item.kind {
        ItemKind::Assert(assert) => Some(assert.claim),
        _ => None,
    });
    (claim, said)
}

/// The tree with brackets around everything that has parts.
fn give(text: &str) -> String {
    let (claim, said) = read(text);
    assert_eq!(said, "", "{text}");
    claim.map(|claim| tree(&claim)).unwrap()
}

fn tree(value: &Expr) -> String {
    let all = |items: &[Expr]| items.iter().map(tree).collect::<Vec<_>>().join(" ");
    match &value.kind {
        ExprKind::Neg(x) => format!("(neg {})", tree(x)),
        ExprKind::Binary(op, a, b) => format!("({op:?} {} {})", tree(a), tree(b)),
        ExprKind::Compare(op, a, b) => format!("({op:?} {} {})", tree(a), tree(b)),
        ExprKind::And(items) => format!("(and {})", all(items)),
        ExprKind::Or(items) => format!("(or {})", all(items)),
        ExprKind::Latched(x, since) => format!("(latched{} {})", if since.is_some() { "+" } else { "" }, tree(x)),
        ExprKind::Concurrent(x) => format!("(concurrent {})", tree(x)),
        ExprKind::Paren(x) => format!("[{}]", tree(x)),
        ExprKind::Call(name, items) => format!("{}<{}>", name.text, all(items)),
        ExprKind::Field(x, name) => format!("(field {} {})", tree(x), name.text),
        ExprKind::Supported(x, support) => {
            format!("(on {} {}+{})", tree(x), support.citations.len(), support.assumed.len())
        }
        ExprKind::Fact(_) => format!("fact:{}", print::expr(value).replace(' ', "_")),
        _ => print::expr(value).replace(' ', "_"),
    }
}

#[test]
fn precedence() {
    assert_eq!(give("a + b * c - d"), "(Sub (Add a (Mul b c)) d)");
    assert_eq!(give("-a * --b"), "(Mul (neg a) (neg (neg b)))");
    assert_eq!(give("a = 1 or b >= c or d"), "(or (Equal a 1) (AtLeast b c) d)");
    assert_eq!(
        give("a > 1 and b < 2 latched and c concurrent"),
        "(and (Above a 1) (latched (Below b 2)) (concurrent c))"
    );
    assert_eq!(give("(a >= 1 and b) latched since signed"), "(latched+ [(and (AtLeast a 1) b)])");
    assert_eq!(give("a != 1 latched since 2026-01-01"), "(latched+ (NotEqual a 1))");
}

#[test]
fn units() {
    assert_eq!(give("20bn USD/GW"), "20bn_USD/GW");
    assert_eq!(give("160m shares of AMD.common / 4"), "(Div 160m_shares_of_AMD.common 4)");
    assert_eq!(give("20% * 30 trading days"), "(Mul 20% 30_trading_days)");
    assert_eq!(give("5 USD / x"), "(Div 5_USD x)");
    assert_eq!(give("k * 500m USD"), "(Mul k 500m_USD)");
    assert_eq!(give("undisclosed"), "undisclosed");
    assert_eq!(give("undisclosed USD/share + 1"), "(Add undisclosed_USD/share 1)");
    assert_eq!(give("f(1, 2 and b)"), "f<1 (and 2 b)>");
}

#[test]
fn calls_fields_and_facts() {
    assert_eq!(give("average(close(AMD.common), 30 trading days)"), "average<close<AMD.common> 30_trading_days>");
    assert_eq!(give("award(x.tranche).carrying.b"), "(field (field award<x.tranche> carrying) b)");
    assert_eq!(give("now()"), "now<>");
    assert_eq!(give("A.rev[c.p.T2] in 2027-Q3 under us_gaap"), "fact:A.rev[c.p.T2]_in_2027-Q3_under_us_gaap");
    assert_eq!(give("A.rev on 2027-08-20"), "fact:A.rev_in_2027-08-20");
    assert_eq!(give("rev[T2]"), "fact:rev[T2]");
    assert_eq!(give("A.rev in 2027 + A.rev in 2027-08"), "(Add fact:A.rev_in_2027 fact:A.rev_in_2027-08)");
    assert_eq!(give("A.rev"), "A.rev");
}

#[test]
fn conditions() {
    assert_eq!(give("attested delivery and at signing"), "(and attested_delivery at_signing)");
    assert_eq!(give("on or after 2027-01-01 and c.T1 vested"), "(and on_or_after_2027-01-01 c.T1_vested)");
    assert_eq!(give("(a or b) and c"), "(and [(or a b)] c)");
}

#[test]
fn support_of_values() {
    assert_eq!(give("5 USD @ s \"p. 2\" assumed a + 1 @ t"), "(Add (on 5_USD 1+1) (on 1 1+0))");
    assert_eq!(give("max(5 assumed a, b @ c)"), "max<(on 5 0+1) (on b 1+0)>");
}

#[test]
fn mixed_and_or() {
    let (claim, said) = read("a and b or c");
    assert_eq!(said, "E0110: `and` and `or` in one condition without parentheses\n");
    assert!(claim.is_some());
    let (_, diagnostics) = parse(SourceId(0), "assert a or b and c or d");
    let places: Vec<(u32, u32)> = diagnostics.iter().map(|d| (d.primary.0.start, d.secondary[0].0.start)).collect();
    assert_eq!(places, [(9, 14)]);
}

#[test]
fn long_chains_are_refused() {
    let long = "1 + ".repeat(300) + "1";
    assert_eq!(read(&long).1, "E0109: more than 256 operators in one clause\n");
    assert_eq!(read(&("-".repeat(100_000) + "1")).1, "E0109: more than 256 operators in one clause\n");
    assert_eq!(read(&("1 = 1 and ".repeat(1_000) + "a")).1, "");
    assert_eq!(read(&("f(x)".to_owned() + &".a".repeat(1_000))).1, "E0114: `.` after the end of a clause\n");
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(read("a +").1, "E0111: expected a value, found the end of the line\n");
    assert_eq!(read("a and and b").1, "E0111: expected a value, found `and`\n");
    assert_eq!(read("f(a b)").1, "E0111: expected `,` or `)`, found `b`\n");
    assert_eq!(read("a.").1, "E0111: expected a name, found the end of the line\n");
    assert_eq!(read("5 shares of").1, "E0111: expected a class of shares, found the end of the line\n");
    assert_eq!(read("a @").1, "E0111: expected a source, found the end of the line\n");
    assert_eq!(read("max (a, b)").1, "E0114: `(` after the end of a clause\n");
}

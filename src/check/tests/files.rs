//! Files, names and units.

use super::*;

#[test]
fn each_file_once_in_diamonds_and_globs() {
    let checked = checked(&[
        ("deals/top.pf", "use \"../parties.pf\"\nuse \"parts/*.pf\"\n"),
        ("deals/parts/a.pf", "use \"../../parties.pf\"\nassume a = 1 GW \"one\"\n"),
        ("deals/parts/b.pf", "use \"a.pf\"\nassume b = a + 1 GW \"two\"\n"),
        ("parties.pf", "party X \"X Inc.\" { currency USD }\n"),
    ]);
    assert_eq!(found(&checked), "");
    assert_eq!(checked.files, ["deals/top.pf", "parties.pf", "deals/parts/a.pf", "deals/parts/b.pf"]);
    assert_eq!(checked.terms.parties.len(), 1);
}

#[test]
fn circles_of_files_are_named_with_their_path() {
    let files = [("a.pf", "use \"b.pf\"\n"), ("b.pf", "use \"c.pf\"\n"), ("c.pf", "use \"b.pf\"\n")];
    let checked = checked(&files);
    let error = only(&checked, "E0202");
    assert_eq!(error.message, "files use each other in a circle: b.pf → c.pf → b.pf");
    assert_eq!(checked.sources.place(error.primary.0), "c.pf:1");
    assert_eq!(checked.sources.place(error.secondary[0].0), "b.pf:1");
    let own = super::checked(&[("a.pf", "use \"a.pf\"\n")]);
    only(&own, "E0202");
}

#[test]
fn what_cannot_be_read() {
    let missing = checked(&[("a.pf", "use \"nowhere/b.pf\"\n")]);
    let error = only(&missing, "E0201");
    assert_eq!((error.message.as_str(), error.primary.1.as_str()), ("cannot read `nowhere/b.pf`", "no such file"));
    let root = check(&Memory::default(), &["gone.pf".to_owned()]);
    assert_eq!(root.sources.place(only(&root, "E0201").primary.0), "gone.pf:1");
    let nothing = checked(&[("a.pf", "use \"none/*.pf\"\n")]);
    only(&nothing, "E0203");
    let mut files = Memory::new(&[("a.pf", "")]);
    files.0.insert("a.pf".into(), b"# good line\n\xff".to_vec());
    let bytes = check(&files, &["a.pf".to_owned()]);
    let error = only(&bytes, "E0101");
    assert_eq!(bytes.sources.place(error.primary.0), "a.pf:2");
    assert_eq!(error.primary.1, "byte 12 cannot be read");
}

#[test]
fn a_text_that_does_not_parse_says_only_that() {
    let checked = checked(&[("a.pf", "party X \"X\" { curency USD }\nassume y = nobody\n")]);
    assert_eq!(found(&checked), "E0112 `curency` `curency` is not a clause of a party");
}

#[test]
fn names_are_declared_once() {
    for (text, code, word) in [
        ("assume x = 1 \"a\"\nassume x = 2 \"b\"\n", "E0205", "x"),
        ("source s \"a\"\nsource s \"b\"\n", "E0205", "s"),
        ("unit rack\nunit rack\n", "E0205", "rack"),
        ("unit GW\n", "E0205", "GW"),
        ("calendar h\ncalendar h\n", "E0205", "h"),
        ("assume p = 1 \"a\"\nparty p \"P\" { currency USD }\n", "E0205", "p"),
        ("scenario s { }\nscenario s { }\n", "E0205", "s"),
    ] {
        let checked = checked(&[("a.pf", text)]);
        let error = only(&checked, code);
        assert_eq!(checked.sources.text(error.primary.0), word, "{text}");
        if text.lines().count() == 2 {
            assert_eq!(checked.sources.place(error.secondary[0].0), "a.pf:1", "{text}");
        }
    }
    clean(checked(&[("a.pf", "unit SEK\nunit TPU\nassume x = 3 SEK/TPU \"krona\"\n")]));
}

#[test]
fn moving_text_between_files_changes_nothing() {
    let one = "assume twice = 2 * price \"b\"\n";
    let two = "assume price = 3 USD/GW \"a\"\n";
    let apart = clean(checked(&[("a.pf", &format!("use \"b.pf\"\n{one}")), ("b.pf", two)]));
    let together = clean(checked(&[("a.pf", &format!("{one}{two}"))]));
    let values = |terms: &crate::terms::Terms| {
        let mut list: Vec<_> =
            terms.assumptions.iter().map(|a| (a.name.clone(), a.value.as_ref().map(|f| f.unit.clone()))).collect();
        list.sort();
        list
    };
    assert_eq!(values(&apart), values(&together));
}

#[test]
fn assumptions_among_each_other() {
    let cycle = checked(&[("a.pf", "assume a = b \"1\"\nassume b = 2 * c \"2\"\nassume c = a \"3\"\n")]);
    let error = only(&cycle, "E0212");
    assert_eq!(error.message, "assumptions are defined by each other: `a` → `b` → `c` → `a`");
    let words = checked(&[("a.pf", "assume w \"in words\"\nassume a = w + 1 GW \"1\"\n")]);
    assert_eq!(words.sources.place(only(&words, "E0208").secondary[0].0), "a.pf:1");
    let slip = checked(&[("a.pf", "assume gw_price = 1 USD/GW \"1\"\nassume a = gw_prise \"2\"\n")]);
    assert_eq!(only(&slip, "E0204").fixes[0].text, "gw_price");
    let bare = checked(&[("a.pf", "assume a = undisclosed \"1\"\n")]);
    only(&bare, "E0209");
    let terms = clean(checked(&[("a.pf", "assume a = undisclosed USD/GW \"1\"\n")]));
    let value = terms.assumptions[0].value.as_ref().unwrap();
    assert_eq!(value.kind, crate::terms::FormulaKind::Undisclosed("a".into()));
}

#[test]
fn units_add_and_multiply() {
    let unit = |value: &str| {
        let terms = clean(checked(&[("a.pf", &format!("assume x = {value} \"x\"\n"))]));
        terms.assumptions[0].value.as_ref().unwrap().unit.to_string()
    };
    assert_eq!(unit("20bn USD/GW * 3 GW"), "USD");
    assert_eq!(unit("100 USD / 4 shares"), "USD/share");
    assert_eq!(unit("20% * 3 GW"), "GW");
    assert_eq!(unit("max(1 GW, 2 GW) - -(3 GW)"), "GW");
    assert_eq!(unit("3 GW / 2 GW"), "");
    assert_eq!(unit("30 trading days"), "trading days");
    for (value, code, place) in [
        ("1 GW + 5 USD", "E0207", "5 USD"),
        ("1 GW - 1 MW", "E0207", "1 MW"),
        ("max(1 GW, 2)", "E0207", "2"),
        ("1 GW * 2 USD", "E0207", "2 USD"),
        ("1 floop", "E0206", "floop"),
        ("1 USD/floop", "E0206", "floop"),
        ("avg(1, 2)", "E0204", "avg"),
        ("2027-01-01", "E0208", "2027-01-01"),
        ("\"text\"", "E0208", "\"text\""),
        ("close(X.common)", "E0208", "close(X.common)"),
    ] {
        let checked = checked(&[("a.pf", &format!("assume x = {value} \"x\"\n"))]);
        assert_eq!(checked.sources.text(only(&checked, code).primary.0), place, "{value}");
    }
    let both = checked(&[("a.pf", "assume x = 1 GW + 5 USD \"x\"\n")]);
    let error = only(&both, "E0207");
    assert_eq!((error.primary.1.as_str(), error.secondary[0].1.as_str()), ("`USD`", "`GW`"));
}

#[test]
fn shares_of_two_classes_do_not_add() {
    let classes = "party A \"A\" { currency USD; class c }\nparty B \"B\" { currency USD; class c }\n";
    let mixed = checked(&[("a.pf", &format!("{classes}assume x = 1 shares of A.c + 2 shares of B.c \"x\"\n"))]);
    assert_eq!(only(&mixed, "E0207").message, "shares of two classes do not add");
    clean(checked(&[("a.pf", &format!("{classes}assume x = 1 shares of A.c + 2 shares \"x\"\n"))]));
    let other = checked(&[("a.pf", &format!("{classes}assume x = 1 shares of A \"x\"\n"))]);
    assert_eq!(only(&other, "E0208").message, "`A` is a party, not a class of shares");
}

#[test]
fn parties_and_calendars() {
    for (clauses, code, word) in [
        ("class c", "E0209", "X"),
        ("currency GW", "E0208", "GW"),
        ("currency XXY", "E0206", "XXY"),
        ("currency USD; currency EUR", "E0210", "EUR"),
        ("currency USD; fiscal year ends 31 Decembre", "E0208", "Decembre"),
        ("currency USD; fiscal year ends 31 June", "E0213", "June"),
        ("currency USD; fiscal year ends last Fryday of June", "E0208", "Fryday"),
        ("currency USD; class c calendar nysee", "E0204", "nysee"),
        ("currency USD; class c par 1 EUR/share", "E0207", "1 EUR/share"),
        ("currency USD; book none", "E0204", "none"),
    ] {
        let checked = checked(&[("a.pf", &format!("party X \"X\" {{ {clauses} }}\n"))]);
        assert_eq!(checked.sources.text(only(&checked, code).primary.0), word, "{clauses}");
    }
    let own =
        "calendar house like nyse { closed 2026-11-27 }\nparty X \"X\" { currency USD; class c calendar house }\n";
    let terms = clean(checked(&[("a.pf", own)]));
    let calendar = terms.classes[0].calendar.as_ref().unwrap();
    assert!(!calendar.is_trading(crate::time::Date::parse("2026-11-27").unwrap()));
    assert_eq!(terms.parties[0].fiscal, crate::time::FiscalYearEnd::default());
}

use super::{fail, read};

#[test]
fn five_errors_in_one_contract() {
    let text = "contract c between A as seller, B as buyer {
  sined 2025-10-05
  supply s {
    prise gw_price
    pays 20% price on order
  }
  counter x = sum GW over order s sinse signed
  warrant w over ; warrant v over 5 shares of A.c at 1 USD/share {
    granted 2025-10-05
    tranche T1 5 shares { vests if x >= 1 GW; by 2030-01-01 }
  }
  signed 2025-10-05
}
";
    assert_eq!(
        fail(text),
        "E0112 line 2: `sined` is not a clause of a contract (did you mean `signed`?)
E0112 line 4: `prise` is not a clause of a supply (did you mean `price`?)
E0111 line 5: expected `of`, found `price`
E0114 line 7: `sinse` after the end of a clause (start a new line or write `;`) (here the clause could go on with `by`, `since` or `until`)
E0111 line 8: expected `SHARES shares of CLASS`, found `;`
E0111 line 10: expected `when CONDITION`, `at signing` or `on DATE`, found `if`
"
    );
    let (file, _) = read(text);
    assert_eq!(file.items.len(), 1);
    assert!(format!("{file:?}").contains("Signed(DateLit"));
}

#[test]
fn expectations() {
    assert_eq!(
        fail("party A \"A\" { currency; book }"),
        "E0111 line 1: expected a currency, found `;`\nE0111 line 1: expected a book, found `}`\n"
    );
    assert_eq!(
        fail("2027-01-01 ordre a.b 1 GW"),
        "E0401 line 1: `ordre` is not a ledger verb (did you mean `order`?)\n"
    );
    assert_eq!(
        fail("2027-01-01 g:"),
        "E0111 line 1: expected a verb such as `order` or `deliver`, found the end of the line (a clause ends with its line, unless a bracket is open or the next line begins with `and`, `or` or an operator)\n"
    );
    assert_eq!(
        fail("2027-01-01 order a.b"),
        "E0111 line 1: expected a quantity such as `1 GW`, found the end of the line (a clause ends with its line, unless a bracket is open or the next line begins with `and`, `or` or an operator)\n"
    );
    assert_eq!(fail("2027-01-01 close A 2027-01"), "");
    assert_eq!(fail("2027-01-01 close A soon"), "E0111 line 1: expected a period such as `2027-Q2`, found `soon`\n");
    assert_eq!(
        fail("contrakt x"),
        "E0112 line 1: `contrakt` is not a clause or a ledger line (did you mean `contract`?)\n"
    );
    assert_eq!(fail("5 GW"), "E0111 line 1: expected a clause or a ledger line, found `5`\n");
    assert_eq!(fail("book b { on pay p as seller when x { dr a 5 } }"), "E0111 line 1: expected `{`, found `when`\n");
    assert_eq!(
        fail("book b { keep a(t) for each supply s = 1 against c as seller }"),
        "E0111 line 1: expected `t`, found `s`\n"
    );
    assert_eq!(
        fail("assume x = 5 USD 6"),
        "E0114 line 1: `6` after the end of a clause (start a new line or write `;`)\n"
    );
    assert_eq!(fail("unit a b"), "E0114 line 1: `b` after the end of a clause (start a new line or write `;`)\n");
}

#[test]
fn brackets() {
    assert_eq!(fail("assert a = (1 + 2"), "E0108 line 1: `(` is never closed (add a `)` where it ends)\n");
    assert_eq!(fail("assert a = 1) + 2\nunit x"), "E0108 line 1: `)` closes nothing (remove it)\n");
    assert_eq!(
        fail("party A \"A\" { currency (USD; book b }\nunit a b"),
        "E0108 line 1: `(` is never closed (add a `)` before that)\nE0114 line 2: `b` after the end of a clause (start a new line or write `;`)\n"
    );
    assert_eq!(fail("party A \"A\" { currency USD"), "E0108 line 1: `{` is never closed (add a `}` where it ends)\n");
    assert_eq!(
        fail("assert a = \"(\nunit x"),
        "E0103 line 1: a text in quotes does not end on its line (close it with `\"`)\n"
    );
}

#[test]
fn a_block_that_is_not_closed_ends_at_the_margin() {
    let text = "contract a between A as seller {\n  supply s {\n    price x\n}\ncontract b between A as seller {\n  signed 2025-01-01\n}\n";
    // The brace at the margin closes `supply`: it stands further left than the block.
    assert_eq!(fail(text), "E0108 line 2: `{` is never closed (add a `}` where the block ends)\n");
    assert_eq!(read(text).0.items.len(), 2);
}

#[test]
fn clauses_end_where_they_end() {
    assert_eq!(
        fail("assert a = 1\n  and b = 2\n  or_else"),
        "E0112 line 3: `or_else` is not a clause or a ledger line (known here: `use`, `source`, `unit`, `calendar`, `party`, `assume`, `assert`, `contract`, `book`, `scenario`, `flow`, `prices`, `path`, `test`)\n"
    );
    for joined in [
        "assert a\n= 1",
        "assert a = 1\n+ 2\n\n# c\n- 3",
        "assert f(\n1,\n2\n) = 1",
        "assert a = 1; assert b = 1\n\n",
        ";;;",
        "",
        "\n",
    ] {
        assert_eq!(fail(joined), "", "{joined}");
    }
}

#[test]
fn doc_comments_stand_directly_above() {
    let (file, _) = read("## one\n# plain\n## two\nunit a\n## lost\n\nunit b ## not this\nunit c");
    let docs: Vec<Vec<&str>> = file.items.iter().map(|i| i.doc.iter().map(|d| &*d.text).collect()).collect();
    assert_eq!(docs, [vec!["one", "two"], vec![], vec![]]);
}

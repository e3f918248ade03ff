//! The law of explanations: for every fact of the corpus, what it is said to be made of adds up to it.

use crate::common::{Repository, checked, files, roots, with_run};
use proforma::explain::{self, Derivation};
use proforma::num::Number;
use proforma::report::{self, Scope};

/// Parts that are said to make an amount: those with an amount in its unit.
fn uneven(node: &Derivation, found: &mut Vec<String>) {
    if let Some((amount, unit)) = &node.amount
        && let Some(amount) = amount.known()
    {
        let parts: Vec<Number> = (node.parts.iter().filter_map(|part| part.amount.as_ref()))
            .filter(|(_, of)| of == unit)
            .filter_map(|(value, _)| value.known())
            .collect();
        let sum = parts.iter().try_fold(Number::ZERO, |sum, part| sum.plus(*part)).unwrap();
        if !parts.is_empty() && sum != amount {
            found.push(format!("{}: {sum} is not {amount} {unit}", node.label));
        }
    }
    node.parts.iter().for_each(|part| uneven(part, found));
}

#[test]
fn every_fact_of_the_corpus_adds_up() {
    let (mut told, mut wrong) = (0, Vec::new());
    for ledger in files("ledgers", "ledger") {
        let roots = roots(&ledger);
        let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
        let checked = checked(&Repository, &roots);
        with_run(&checked, &[], |replay| {
            for row in report::facts(replay, &Scope::default()) {
                let item = if row.item.is_empty() { String::new() } else { format!("[{}]", row.item) };
                let text = format!("{}.{}{item} in {}", row.entity, row.measure, row.period);
                let name = proforma::check::fact_name(&text).unwrap_or_else(|_| panic!("{ledger}: {text}"));
                told += 1;
                let why = match explain::derive(replay, &name) {
                    Ok(why) => why,
                    Err(why) => {
                        wrong.push(format!("{ledger} {text}: {why}"));
                        continue;
                    }
                };
                let stated = why.tree.amount.as_ref().and_then(|(value, _)| value.known());
                let mut say = |what: String| wrong.push(format!("{ledger} {text}: {what}"));
                if row.unit != "date" && stated.map_or(String::new(), |n| n.to_string()) != row.value {
                    say(format!(
                        "{} is told, {} is the fact",
                        stated.map_or("nothing".into(), |n| n.to_string()),
                        row.value
                    ));
                }
                if why.tree.parts.is_empty() && why.branches.is_empty() {
                    say("made of nothing".into());
                }
                // A ratio and what makes room in it are formulas, told as such.
                let formula = row.measure.starts_with("covenant_");
                let counted =
                    !formula && !matches!(row.unit.as_str(), "date" | "%" | "" | "x") && !row.unit.contains('/');
                if counted && stated.is_some_and(|n| !n.is_zero()) && why.sum.is_none() {
                    say(format!("no parts that add up to {}", row.value));
                }
                let mut uneven_parts = Vec::new();
                uneven(&why.tree, &mut uneven_parts);
                uneven_parts.into_iter().for_each(say);
            }
        });
    }
    assert!(told > 10_000, "{told}");
    assert!(
        wrong.is_empty(),
        "{} of {told}:\n{}",
        wrong.len(),
        wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n")
    );
}

//! Generated stories, worked out by the engine and by the naive twin: no difference on any day.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proforma::base::Severity;
use proforma::check::check;
use proforma::terms::ScenarioId;
use proforma_fuzz::twin::compare::differences;
use proforma_fuzz::twin::dice::Dice;
use proforma_fuzz::twin::story::Story;

fuzz_target!(|data: &[u8]| {
    let story = Story::told(&mut Dice::of(data));
    let checked = check(&story.files(), &["all.ledger".to_owned()]);
    if checked.diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return;
    }
    let terms = &checked.terms;
    let scenarios = (0u32..).zip(&terms.scenarios).map(|(n, _)| vec![ScenarioId(n)]);
    for scenario in std::iter::once(Vec::new()).chain(scenarios) {
        let found = differences(terms, &scenario, story.known_by);
        assert!(
            found.is_empty(),
            "{}# ledger, known by {:?}\n{}# closes\n{}# differences\n{}",
            story.rules(),
            story.known_by,
            story.ledger(),
            story.csv(),
            found.join("\n")
        );
    }
});

//! `option` and `plugin` of beancount.

use crate::base::{Code, Diagnostic};
use crate::num::Fixed;
use crate::plaintext::line::Line;
use crate::plaintext::number;
use crate::plaintext::reader::Reader;

/// Plugins that check, or add what no balance depends on.
const HARMLESS: &[&str] = &[
    "check_average_cost",
    "check_closing",
    "check_commodity",
    "check_drained",
    "close_tree",
    "coherent_cost",
    "commodity_attr",
    "implicit_prices",
    "leafonly",
    "noduplicates",
    "nounused",
    "onecommodity",
    "sellgains",
    "unique_prices",
];

/// `option "NAME" "VALUE"`
pub(super) fn option(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let whole = line.whole();
    let name = line.quoted();
    line.blanks();
    let (Some(name), Some(value)) = (name, line.quoted()) else {
        return reader.unreadable(whole, "an option is a name and a value in quotes", "here");
    };
    match name {
        "booking_method" => reader.journal.options.booking = super::booking(value),
        "inferred_tolerance_multiplier" | "tolerance_multiplier" => match number::read(value, Some(b'.')) {
            Ok((multiplier, _)) => reader.journal.options.multiplier = multiplier,
            Err(why) => reader.not_a_number(value, why.words(), whole),
        },
        "inferred_tolerance_default" => match value.split_once(':') {
            Some((commodity, tolerance)) => tolerance_of(reader, whole, commodity, tolerance),
            None => reader.unreadable(whole, "a tolerance is `COMMODITY:NUMBER`", "here"),
        },
        "infer_tolerance_from_cost" => {
            reader.journal.options.tolerance_from_cost = value.eq_ignore_ascii_case("true");
        }
        _ => {}
    }
}

fn tolerance_of(reader: &mut Reader<'_>, whole: crate::base::Span, commodity: &str, value: &str) {
    let tolerance: Fixed = match number::read(value, Some(b'.')) {
        Ok((tolerance, _)) => tolerance,
        Err(why) => return reader.not_a_number(value, why.words(), whole),
    };
    let commodity = (commodity != "*").then(|| reader.journal.commodities.id(commodity));
    reader.journal.options.tolerances.push((commodity, tolerance));
}

/// `plugin "MODULE" ["CONFIGURATION"]`
pub(super) fn plugin(reader: &mut Reader<'_>, mut line: Line<'_>) {
    let whole = line.whole();
    let Some(module) = line.quoted() else {
        return reader.unreadable(whole, "a plugin is a name in quotes", "here");
    };
    let own = module.strip_prefix("beancount.plugins.");
    match own {
        Some("auto_accounts" | "auto") => reader.journal.options.opens_itself = true,
        Some("pedantic") => {}
        Some(name) if HARMLESS.contains(&name) => {}
        _ => {
            let message = format!("the plugin `{module}`: not run, and could change a balance");
            let found = Diagnostic::new(Code::JournalUnread, whole, message).label("beancount runs it");
            reader.say(found.help("let beancount write what it makes of the journal: `bean-query FILE print`"));
        }
    }
}

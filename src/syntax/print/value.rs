//! Values and conditions on one line.

use crate::num::Number;
use crate::syntax::ast::{BinaryOp, CompareOp, DateLit, Expr, ExprKind, FactPath, Path, Since, Support, UnitLit};

/// The value as one line of text, which reads back as the same value.
#[must_use]
pub fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Number(number, None) => amount(*number),
        ExprKind::Number(number, Some(unit)) if &*unit.num.text == "%" => format!("{}%", amount(*number)),
        ExprKind::Number(number, Some(unit)) => format!("{} {}", amount(*number), unit_text(unit)),
        ExprKind::Undisclosed(None) => "undisclosed".to_owned(),
        ExprKind::Undisclosed(Some(unit)) => format!("undisclosed {}", unit_text(unit)),
        ExprKind::Date(date) => date_text(date),
        ExprKind::Text(text) => quoted(&text.text),
        ExprKind::Path(path) => path_text(path),
        ExprKind::Call(name, arguments) => format!("{}({})", name.text, joined(arguments, ", ")),
        ExprKind::Model(name, inputs) => {
            let inputs: Vec<String> =
                inputs.iter().map(|(name, value)| format!("{} {}", name.text, expr(value))).collect();
            format!("{}({})", name.text, inputs.join(", "))
        }
        ExprKind::Field(inner, name) => format!("{}.{}", expr(inner), name.text),
        ExprKind::Fact(fact) => fact_text(fact),
        ExprKind::Neg(inner) => format!("-{}", expr(inner)),
        ExprKind::Binary(op, left, right) => format!("{} {} {}", expr(left), binary(*op), expr(right)),
        ExprKind::Compare(op, left, right) => format!("{} {} {}", expr(left), comparison(*op), expr(right)),
        ExprKind::And(items) => joined(items, " and "),
        ExprKind::Or(items) => joined(items, " or "),
        ExprKind::Latched(inner, None) => format!("{} latched", expr(inner)),
        ExprKind::Latched(inner, Some(Since::Signed(_))) => format!("{} latched since signed", expr(inner)),
        ExprKind::Latched(inner, Some(Since::Date(date))) => {
            format!("{} latched since {}", expr(inner), date_text(date))
        }
        ExprKind::Concurrent(inner) => format!("{} concurrent", expr(inner)),
        ExprKind::Attested(name) => format!("attested {}", name.text),
        ExprKind::OnOrAfter(date) => format!("on or after {}", date_text(date)),
        ExprKind::AtSigning => "at signing".to_owned(),
        ExprKind::Reached(path, stage) => format!("{} {}", path_text(path), stage.text),
        ExprKind::Supported(inner, support) => format!("{}{}", expr(inner), support_text(support)),
        ExprKind::Paren(inner) => format!("({})", expr(inner)),
    }
}

fn joined(items: &[Expr], between: &str) -> String {
    items.iter().map(expr).collect::<Vec<_>>().join(between)
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
    }
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::AtLeast => ">=",
        CompareOp::Above => ">",
        CompareOp::AtMost => "<=",
        CompareOp::Below => "<",
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "!=",
    }
}

/// `20bn`, `160m`, `26_666_667`, `0.01`: the largest suffix that leaves a whole number, groups from five digits on.
fn amount(number: Number) -> String {
    let plain = number.to_string();
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    if let Some(fraction) = fraction {
        return format!("{}.{fraction}", grouped(whole));
    }
    let zeros = whole.len() - whole.trim_end_matches('0').len();
    let suffix =
        [(12, "tn"), (9, "bn"), (6, "m")].into_iter().find(|(places, _)| zeros >= *places && whole.len() > *places);
    match suffix {
        Some((places, suffix)) => format!("{}{suffix}", grouped(whole.split_at(whole.len() - places).0)),
        None => grouped(whole),
    }
}

fn grouped(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.to_owned();
    }
    let group = |(at, digit): (usize, char)| {
        let first_of_group = at > 0 && (digits.len() - at).is_multiple_of(3);
        first_of_group.then_some('_').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(group).collect()
}

fn unit_text(unit: &UnitLit) -> String {
    let per = unit.den.as_ref().map(|den| format!("/{}", den.text)).unwrap_or_default();
    let of = unit.of.as_ref().map(|of| format!(" of {}", path_text(of))).unwrap_or_default();
    format!("{}{per}{of}", unit.num.text)
}

fn date_text(date: &DateLit) -> String {
    let full = date.date.to_string();
    match full.rsplit_once('-') {
        Some((month, _)) if date.approximate => format!("~{month}"),
        _ => full,
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn path_text(path: &Path) -> String {
    path.parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join(".")
}

fn fact_text(fact: &FactPath) -> String {
    let item = fact.item.as_ref().map(|item| format!("[{}]", path_text(item))).unwrap_or_default();
    let period = fact.period.as_ref().map(|(period, _)| format!(" in {period}")).unwrap_or_default();
    let book = fact.book.as_ref().map(|book| format!(" under {}", book.text)).unwrap_or_default();
    format!("{}{item}{period}{book}", path_text(&fact.head))
}

fn support_text(support: &Support) -> String {
    let cited = support.citations.iter().map(|citation| {
        let place = citation.place.as_ref().map(|place| format!(" {}", quoted(&place.text))).unwrap_or_default();
        format!(" @ {}{place}", citation.source.text)
    });
    cited.chain(support.assumed.iter().map(|name| format!(" assumed {}", name.text))).collect()
}

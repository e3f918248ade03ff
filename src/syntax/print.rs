//! Tree and tokens back to text.
/// stub
pub fn expr(e: &super::ast::Expr) -> String {
    use super::ast::ExprKind::*;
    match &e.kind {
        Path(p) => p.parts.iter().map(|n| n.text.to_string()).collect::<Vec<_>>().join("."),
        Number(n, u) => format!("{n}{}", u.as_ref().map(|u| format!(" {}", u.num.text)).unwrap_or_default()),
        Call(n, a) => format!("{}({})", n.text, a.iter().map(expr).collect::<Vec<_>>().join(", ")),
        Compare(_, a, b) => format!("{} op {}", expr(a), expr(b)),
        Binary(_, a, b) => format!("{} * {}", expr(a), expr(b)),
        _ => "?".into(),
    }
}

//! Facts by the name that `explain` reads.

use crate::terms::FactName;

/// `AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap`
pub(super) fn fact(name: &FactName) -> String {
    let item = name.item.as_ref().map(|i| format!("[{i}]")).unwrap_or_default();
    let period = name.period.map(|p| format!(" in {p}")).unwrap_or_default();
    let book = name.book.as_ref().map(|b| format!(" under {b}")).unwrap_or_default();
    format!("{}.{}{item}{period}{book}", name.entity, name.measure)
}

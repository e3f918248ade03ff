//! Explanations as a Mermaid flowchart, for pages that draw it.

use std::fmt::Write;

use super::amount;
use crate::base::Sources;
use crate::explain::{Derivation, Explanation};

/// The tree as `flowchart TD`: a box a node, an arrow from each part to what it makes.
#[must_use]
pub fn explanation(explanation: &Explanation, sources: &Sources) -> String {
    let mut out = "flowchart BT\n".to_owned();
    let mut count = 0;
    node(&explanation.tree, None, sources, &mut count, &mut out);
    out
}

fn node(part: &Derivation, above: Option<usize>, sources: &Sources, count: &mut usize, out: &mut String) {
    let here = *count;
    *count += 1;
    let mut words = vec![escaped(&part.label)];
    if let Some((value, unit)) = &part.amount {
        words.push(format!("<b>{} {}</b>", escaped(&amount::plain(value)), escaped(&unit.to_string())));
    }
    words.extend(part.cite.as_ref().map(|(cite, _)| escaped(cite)));
    words.extend(part.place.map(|span| escaped(&sources.place(span))));
    let _ = writeln!(out, "  n{here}[\"{}\"]", words.join("<br/>"));
    if let Some(above) = above {
        let _ = writeln!(out, "  n{here} --> n{above}");
    }
    part.parts.iter().for_each(|below| node(below, Some(here), sources, count, out));
}

/// Characters that mean something to Mermaid, by their numbers.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '<' | '>' | '#' | ';' | '&' | '`' | '[' | ']' | '{' | '}' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            '\n' | '\r' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_a_node_and_nothing_breaks_out_of_it() {
        let part = Derivation { label: "say \"hi\" [x] <b>; #1".into(), ..Derivation::default() };
        let tree = Derivation { label: "top".into(), parts: vec![part.clone(), part], ..Derivation::default() };
        let text = explanation(&Explanation { tree, ..Explanation::default() }, &Sources::default());
        let hi = "say #34;hi#34; #91;x#93; #60;b#62;#59; #35;1";
        let wanted = format!("flowchart BT\n  n0[\"top\"]\n  n1[\"{hi}\"]\n  n1 --> n0\n  n2[\"{hi}\"]\n  n2 --> n0\n");
        assert_eq!(text, wanted);
    }
}

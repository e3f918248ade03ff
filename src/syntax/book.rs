//! Books: accounting as rules.

use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded, terminated};
use nom::{Input, Parser};

use super::ast::{Book, BookClause, BookRule, Expr, HoldingMethod, Leg, LegSide, Name, Text};
use super::clause::{block, called, choose, comma, equals, name, name_but, name_of, punct, quiet, text, word};
use super::cursor::{Parsed, Rule, Tokens};
use super::expr::{expr, postfix, sum};
use super::token::{Punct, TokenKind};
use crate::base::{Code, Diagnostic};

/// `BOOK := 'book' NAME [TEXT] '{' BOOK_CLAUSE* '}'`
pub(super) fn book(input: Tokens<'_>) -> Parsed<'_, Book> {
    let (rest, (name, title, clauses)) = (name, opt(text), block(book_clause)).parse(input)?;
    Ok((rest, Book { name, title, clauses }))
}

const BOOK: &[(&str, Rule<BookRule>)] = &[
    ("policy", policy),
    ("account", account),
    ("estimate", estimate),
    ("transition", |i| map(preceded(word("against"), called("an account", name)), BookRule::Transition).parse(i)),
    ("standard", super::standard::standard),
    ("disclose", disclose),
    ("paragraph", |i| map(called("what a report cites, such as `eps_basic`", name), BookRule::Paragraph).parse(i)),
    ("on", on),
    ("keep", keep),
    ("exchange", exchange),
    ("holdings", holdings),
    ("mirror", mirror),
    ("carrying", carrying),
    ("net", super::net::net),
];

/// `BOOK_CLAUSE := (POLICY | ACCOUNT | ESTIMATE | 'transition' 'against' NAME | STANDARD | DISCLOSE | 'paragraph' NAME | ON | KEEP | HOLDINGS | MIRROR | CARRYING | NET) ['cite' TEXT ['read' | 'unread']]`
fn book_clause(input: Tokens<'_>) -> Parsed<'_, BookClause> {
    let body = input.narrowed(cite_begins(input));
    let (rest, rule) = choose(body, "a clause of a book", BOOK)?;
    if !rest.is_empty() {
        return Ok((rest.widened(input), BookClause { rule, cite: None, read: false, span: input.span_to(rest) }));
    }
    let (rest, cited) = opt(citation).parse(rest.widened(input))?;
    let (cite, read) = cited.map_or((None, false), |(text, read)| (Some(text), read));
    Ok((rest, BookClause { rule, cite, read, span: input.span_to(rest) }))
}

/// `'cite' TEXT ['read' | 'unread']`
fn citation(input: Tokens<'_>) -> Parsed<'_, (Text, bool)> {
    let read = alt((value(true, word("read")), value(false, word("unread"))));
    (preceded(word("cite"), text), map(opt(read), Option::unwrap_or_default)).parse(input)
}

/// Where the citation at the end begins, so that a value before it does not take `cite` for its unit.
fn cite_begins(input: Tokens<'_>) -> usize {
    let length = input.input_len();
    let length_before_read = match length.checked_sub(1).and_then(|last| input.word(last)) {
        Some("read" | "unread") => length - 1,
        _ => length,
    };
    let is_text = |at: usize| input.token(at).is_some_and(|t| matches!(t.kind, TokenKind::Text(_)));
    match length_before_read.checked_sub(2) {
        Some(at) if input.word(at) == Some("cite") && is_text(at + 1) => at,
        _ => length,
    }
}

/// `POLICY := 'policy' NAME '=' CHOICE ('|' CHOICE)*`
fn policy(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    map((terminated(name, equals), choices), |(name, choices)| BookRule::Policy(name, choices)).parse(input)
}

fn choices(input: Tokens<'_>) -> Parsed<'_, Vec<Name>> {
    separated_list1(punct(Punct::Bar), called("a choice", super::choice::choice)).parse(input)
}

/// `DISCLOSE := 'disclose' NAME ['under' TEXT]`
fn disclose(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let title = opt(preceded(quiet("under"), text));
    map((called("a part, such as `revenue`", name), title), |(part, title)| BookRule::Disclose(part, title))
        .parse(input)
}

/// `EXCHANGE := 'exchange' 'differences' 'to' NAME`
fn exchange(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let account = preceded((word("differences"), word("to")), called("an account", name));
    map(account, BookRule::Exchange).parse(input)
}

/// `MIRROR := 'mirror' NAME (',' NAME)* 'with' NAME (',' NAME)*`
fn mirror(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let accounts = || separated_list1(punct(Punct::Comma), called("an account", name));
    map((accounts(), preceded(word("with"), accounts())), |(a, b)| BookRule::Mirror(a, b)).parse(input)
}

/// `CARRYING := 'carrying' NAME (',' NAME)* 'as' NAME`
fn carrying(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let accounts = separated_list1(punct(Punct::Comma), called("an account", name_but(&["as"])));
    let role = preceded(word("as"), called("a role", name));
    map((accounts, role), |(accounts, role)| BookRule::Carrying(accounts, role)).parse(input)
}

/// `HOLDINGS := 'holdings' CHOICE ('|' CHOICE)*`; `CHOICE := NAME ['if' 'listed' | ('from' | 'above') SUM | 'by' 'judgement']`
fn holdings(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let part = || called("a part such as `20%`", sum);
    let when = alt((
        map(preceded(quiet("if"), name_of(&["listed"])), |word| (word, None)),
        map((name_of(&["from", "above"]), part()), |(word, part)| (word, Some(part))),
        map(preceded(quiet("by"), name_of(&["judgement"])), |word| (word, None)),
    ));
    let choice =
        map((called("a method of holdings", name), opt(when)), |(method, when)| HoldingMethod { method, when });
    map(separated_list1(punct(Punct::Bar), choice), BookRule::Holdings).parse(input)
}

/// `ACCOUNT := 'account' NAME CLASS ['monetary'] ['operating' | 'investing' | 'financing' | 'cash'] ['under' TEXT] | 'account' NAME '(' NAME ')' '=' NAME ('|' NAME)* [','] JUDGEMENT`
fn account(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let (rest, account) = name(input)?;
    if !rest.punct(0, Punct::OpenParen) {
        let class = called("`asset`, `liability`, `equity`, `income`, `expense` or `memo`", name);
        let line = preceded(quiet("under"), text);
        let (rest, (class, monetary)) = (class, opt(quiet("monetary"))).parse(rest)?;
        let (rest, (activity, line)) = (opt(name_but(&["under"])), opt(line)).parse(rest)?;
        let monetary = monetary.is_some();
        return Ok((rest, BookRule::Account { name: account, class, monetary, activity, line }));
    }
    let (rest, variable) = over_variable(rest)?;
    let (rest, (_, choices, _)) = (equals, choices, comma).parse(rest)?;
    let (rest, over) = judgement(rest, &variable)?;
    Ok((rest, BookRule::Judged { name: account, variable, over, choices }))
}

/// `ESTIMATE := 'estimate' NAME '(' NAME ')' NAME [','] JUDGEMENT`
fn estimate(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let (rest, (name, variable)) = (called("an estimate", name), over_variable).parse(input)?;
    let (rest, (kind, _)) = (called("`share` or `amount`", name_but(&["by"])), comma).parse(rest)?;
    let (rest, over) = judgement(rest, &variable)?;
    Ok((rest, BookRule::Estimate { name, over, kind }))
}

/// `JUDGEMENT := 'by' 'judgement' 'of' ['tranche' | 'supply' | 'holding'] NAME`: what is judged, a tranche if it is not said.
fn judgement<'i>(input: Tokens<'i>, variable: &Name) -> Parsed<'i, Option<Name>> {
    let (rest, first) = preceded((word("by"), word("judgement"), word("of")), name).parse(input)?;
    let (rest, second) = opt(name).parse(rest)?;
    let (over, of) = second.map_or((None, first.clone()), |second| (Some(first), second));
    same_variable(rest, variable, &of);
    Ok((rest, over))
}

/// `'(' NAME ')'`
fn over_variable(input: Tokens<'_>) -> Parsed<'_, Name> {
    delimited(punct(Punct::OpenParen), name, punct(Punct::CloseParen)).parse(input)
}

/// `['for' 'each' NAME NAME]`
fn for_each<'a>(input: Tokens<'a>, variable: &Name) -> Parsed<'a, Option<Name>> {
    let kind = called("`tranche`, `supply` or `holding`", name);
    let (rest, each) = opt(preceded((quiet("for"), word("each")), (kind, name))).parse(input)?;
    if let Some((_, again)) = &each {
        same_variable(rest, variable, again);
    }
    Ok((rest, each.map(|(over, _)| over)))
}

fn same_variable(input: Tokens<'_>, declared: &Name, used: &Name) {
    if declared.text != used.text {
        let message = format!("expected `{}`, found `{}`", declared.text, used.text);
        let diagnostic = Diagnostic::new(Code::ExpectedToken, used.span, message);
        input.frame.note(diagnostic.label(format!("expected `{}`", declared.text)).also(declared.span, "named here"));
    }
}

/// `ON := 'on' EVENT NAME ['for' NAME] 'as' ROLE '{' LEG* '}'`
fn on(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let (rest, (event, variable)) =
        (called("an event", name), called("a name for the event", name_but(&["for", "as"]))).parse(input)?;
    let (rest, purpose) = opt(preceded(word("for"), called("a purpose", name))).parse(rest)?;
    let (rest, (role, legs)) = (preceded(word("as"), called("a role", name)), block(leg)).parse(rest)?;
    Ok((rest, BookRule::On { event, variable, purpose, role, legs }))
}

const LEG: &[(&str, Rule<LegSide>)] = &[("dr", |i| Ok((i, LegSide::Debit))), ("cr", |i| Ok((i, LegSide::Credit)))];

/// `LEG := ('dr' | 'cr') POSTFIX ('rest' | EXPR)`
fn leg(input: Tokens<'_>) -> Parsed<'_, Leg> {
    let (rest, side) = choose(input, "a side of an entry", LEG)?;
    let (rest, account) = called("an account", postfix).parse(rest)?;
    let (rest, amount) = match (rest.word(0), rest.input_len()) {
        (Some("rest"), 1) => (rest.take_from(1), None),
        _ => map(called("an amount or `rest`", expr), Some).parse(rest)?,
    };
    Ok((rest, Leg { side, account, amount, span: input.span_to(rest) }))
}

/// `KEEP := 'keep' NAME '(' NAME ')' ['for' 'each' NAME NAME] '=' EXPR 'against' POSTFIX 'as' ROLE`
fn keep(input: Tokens<'_>) -> Parsed<'_, BookRule> {
    let (rest, (account, variable)) = (called("an account", name), over_variable).parse(input)?;
    let (rest, over) = for_each(rest, &variable)?;
    let (rest, target) = preceded(equals, called("a target", expr)).parse(rest)?;
    let against = |i| -> Parsed<'_, Expr> { called("an account", postfix).parse(i) };
    let (rest, (against, role)) =
        (preceded(word("against"), against), preceded(word("as"), called("a role", name))).parse(rest)?;
    Ok((rest, BookRule::Keep { account, variable, over, target, against, role }))
}

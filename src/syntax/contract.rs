//! Contracts: what is supplied, counted, promised.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::separated_list1;
use nom::sequence::{preceded, separated_pair, terminated};

use super::ast::{
    Commitment, Contract, ContractClause, ContractClauseKind, Counter, DateLit, Minimum, Name, Path, Pays, Supply,
    SupplyClause, SupplyClauseKind, Support, Variable,
};
use super::clause::{
    block, called, choose, comma, date, equals, name, name_but, path, punct, repeated, since, standing, supported,
    text, unknown, whole, word,
};
use super::credit::{guarantee, lease, loan};
use super::cursor::{Parsed, Rule, Tokens, Wanted};
use super::expr::{amount, sum};
use super::investment::investment;
use super::token::Punct;
use super::warrant::warrant;
use crate::base::Code;

/// `CONTRACT := 'contract' NAME [TEXT] 'between' NAME 'as' ROLE (',' NAME 'as' ROLE)* '{' CONTRACT_CLAUSE* '}'`
pub(super) fn contract(input: Tokens<'_>) -> Parsed<'_, Contract> {
    let member = separated_pair(called("a party", name), word("as"), called("a role", name));
    let between = preceded(word("between"), separated_list1(punct(Punct::Comma), member));
    let (rest, (name, title, between, clauses)) = (name, opt(text), between, block(contract_clause)).parse(input)?;
    Ok((rest, Contract { name, title, between, clauses }))
}

/// A clause, and what in its head supports the whole; boxed, so that loops within loops take little of the stack.
type Kind = Box<(ContractClauseKind, Support)>;

const CONTRACT: &[(&str, Rule<Kind>)] = &[
    ("signed", |i| plain(i, date, ContractClauseKind::Signed)),
    ("standing", |i| plain(i, standing, ContractClauseKind::Standing)),
    ("supply", |i| plain(i, supply, ContractClauseKind::Supply)),
    ("counter", |i| plain(i, counter, ContractClauseKind::Counter)),
    ("warrant", |i| map(warrant, |(w, support)| Box::new((ContractClauseKind::Warrant(w), support))).parse(i)),
    ("investment", |i| map(investment, |(w, support)| Box::new((ContractClauseKind::Investment(w), support))).parse(i)),
    ("loan", |i| map(loan, |(c, support)| Box::new((ContractClauseKind::Credit(c), support))).parse(i)),
    ("lease", |i| map(lease, |(c, support)| Box::new((ContractClauseKind::Credit(c), support))).parse(i)),
    ("guarantee", |i| map(guarantee, |(c, support)| Box::new((ContractClauseKind::Credit(c), support))).parse(i)),
    ("covenant", |i| plain(i, super::covenant::covenant, ContractClauseKind::Covenant)),
    ("commitment", |i| plain(i, commitment, ContractClauseKind::Commitment)),
    ("variable", |i| plain(i, variable, ContractClauseKind::Variable)),
    ("supersedes", |i| plain(i, supersedes, |(path, date)| ContractClauseKind::Supersedes(path, date))),
    ("for", |i| plain(i, |i| repeated(i, contract_clause), ContractClauseKind::For)),
];

fn plain<'a, T>(
    input: Tokens<'a>,
    rule: fn(Tokens<'a>) -> Parsed<'a, T>,
    kind: fn(T) -> ContractClauseKind,
) -> Parsed<'a, Kind> {
    let (rest, value) = rule(input)?;
    Ok((rest, Box::new((kind(value), Support::default()))))
}

/// `CONTRACT_CLAUSE := ('signed' DATE | 'standing' STANDING | SUPPLY | COUNTER | WARRANT | INVESTMENT | LOAN | LEASE |
/// GUARANTEE | COVENANT | COMMITMENT | VARIABLE | SUPERSEDES | FOR) SUPPORT`
fn contract_clause(input: Tokens<'_>) -> Parsed<'_, ContractClause> {
    let (rest, (kind, more)) = supported(|i| choose(i, "a clause of a contract", CONTRACT)).parse(input)?;
    let (kind, mut support) = *kind;
    support.citations.extend(more.citations);
    support.assumed.extend(more.assumed);
    Ok((rest, ContractClause { kind, support, span: input.span_to(rest) }))
}

/// `SUPERSEDES := 'supersedes' PATH ['on' DATE]`
fn supersedes(input: Tokens<'_>) -> Parsed<'_, (Path, Option<DateLit>)> {
    (called("a contract", path), opt(preceded(word("on"), date))).parse(input)
}

/// `VARIABLE := 'variable' NAME ['of' PATH] 'by' ('expected' 'value' | 'most' 'likely' 'amount')`
fn variable(input: Tokens<'_>) -> Parsed<'_, Variable> {
    let of = opt(preceded(word("of"), called("a supply", path)));
    let expected = value(true, (word("expected"), word("value")));
    let likely = value(false, (word("most"), word("likely"), word("amount")));
    let method = called("`expected value` or `most likely amount`", alt((expected, likely)));
    let (rest, (name, of, expected)) = (name, of, preceded(word("by"), method)).parse(input)?;
    Ok((rest, Variable { name, of, expected }))
}

/// `COMMITMENT := 'commitment' NAME AMOUNT 'from' NAME 'to' NAME [STANDING]`
fn commitment(input: Tokens<'_>) -> Parsed<'_, Commitment> {
    let party = |i| called("a party", name).parse(i);
    let (rest, (name, amount)) = (name, amount).parse(input)?;
    let (rest, (from, to)) = (preceded(word("from"), party), preceded(word("to"), party)).parse(rest)?;
    let (rest, standing) = opt(standing).parse(rest)?;
    Ok((rest, Commitment { name, amount, from, to, standing }))
}

/// `COUNTER := 'counter' NAME '=' 'sum' UNIT 'over' VERB PATH [','] ['by' ('anyone' | NAMES)] [','] [SINCE] [',']
/// ['until' DATE]`
fn counter(input: Tokens<'_>) -> Parsed<'_, Counter> {
    let (rest, (name, _)) = (name, equals).parse(input)?;
    let (rest, unit) = preceded(word("sum"), called("a unit", name_but(&["over"]))).parse(rest)?;
    let verb = called("`order`, `delivery`, `acceptance`, `invoice` or `payment`", super::clause::name);
    let (rest, (verb, supply)) = (preceded(word("over"), verb), called("a supply", path)).parse(rest)?;
    let (rest, (by, anyone)) = map(opt(preceded(comma, whose)), Option::unwrap_or_default).parse(rest)?;
    let (rest, since) = opt(preceded(comma, since)).parse(rest)?;
    let (rest, until) = opt(preceded(comma, preceded(word("until"), date))).parse(rest)?;
    Ok((rest, Counter { name, unit, verb, supply, by, anyone, since, until }))
}

/// `'by' ('anyone' | NAMES)`
fn whose(input: Tokens<'_>) -> Parsed<'_, (Vec<Name>, bool)> {
    let (rest, _) = word("by")(input)?;
    let party = called("a party, a group or `anyone`", name_but(&["since", "until"]));
    alt((
        value((Vec::new(), true), word("anyone")),
        map(separated_list1(punct(Punct::Comma), party), |names| (names, false)),
    ))
    .parse(rest)
}

/// `SUPPLY := 'supply' NAME '{' SUPPLY_CLAUSE* '}'`
fn supply(input: Tokens<'_>) -> Parsed<'_, Supply> {
    let (rest, (name, clauses)) = (name, block(supply_clause)).parse(input)?;
    Ok((rest, Supply { name, clauses }))
}

const SUPPLY: &[(&str, Rule<SupplyClauseKind>)] = &[
    ("price", |i| map(super::expr::expr, SupplyClauseKind::Price).parse(i)),
    ("fair", |i| map(preceded(word("value"), super::expr::expr), SupplyClauseKind::FairValue).parse(i)),
    ("pays", |i| map(pays, SupplyClauseKind::Pays).parse(i)),
    ("control", control),
    ("stands", |i| map(preceded((word("alone"), word("at")), super::expr::expr), SupplyClauseKind::Alone).parse(i)),
    ("take", |i| map(minimum, SupplyClauseKind::Minimum).parse(i)),
    ("financing", |i| map(preceded(word("at"), super::expr::expr), SupplyClauseKind::Financing).parse(i)),
    ("material", material_right),
];

/// `SUPPLY_CLAUSE := (AMOUNT STANDING | 'price' EXPR | 'fair' 'value' EXPR | PAYS | CONTROL | 'stands' 'alone' 'at' EXPR |
/// MINIMUM | 'financing' 'at' EXPR | RIGHT) SUPPORT`
fn supply_clause(input: Tokens<'_>) -> Parsed<'_, SupplyClause> {
    let (rest, (kind, support)) = supported(supply_clause_kind).parse(input)?;
    Ok((rest, SupplyClause { kind, support, span: input.span_to(rest) }))
}

fn supply_clause_kind(input: Tokens<'_>) -> Parsed<'_, SupplyClauseKind> {
    match input.word(0) {
        Some(found) if SUPPLY.iter().any(|(word, _)| *word == found) => choose(input, "a clause of a supply", SUPPLY),
        Some(found) if !says_standing(input) => {
            let known = SUPPLY.iter().map(|(word, _)| *word);
            unknown(input, Code::UnknownClause, "a clause of a supply", found, known)
        }
        _ => {
            map((called("a clause of a supply", sum), standing), |(q, s)| SupplyClauseKind::Quantity(q, s)).parse(input)
        }
    }
}

fn says_standing(input: Tokens<'_>) -> bool {
    let words = (0..input.lexemes().len()).filter_map(|ahead| input.word(ahead));
    words.into_iter().any(|word| matches!(word, "definitive" | "announced" | "letter"))
}

/// `RIGHT := 'material' 'right' 'at' EXPR 'until' DATE`
fn material_right(input: Tokens<'_>) -> Parsed<'_, SupplyClauseKind> {
    let worth = preceded((word("right"), word("at")), super::expr::expr);
    let until = preceded(word("until"), date);
    map((worth, until), |(worth, until)| SupplyClauseKind::MaterialRight(worth, until)).parse(input)
}

/// `CONTROL := 'control' 'passes' ('at' NAME | 'evenly' 'from' DATE 'to' DATE | 'by' 'progress')`
fn control(input: Tokens<'_>) -> Parsed<'_, SupplyClauseKind> {
    let (rest, _) = word("passes")(input)?;
    match rest.word(0) {
        Some("evenly") => {
            let days = (preceded((word("evenly"), word("from")), date), preceded(word("to"), date));
            map(days, |(from, to)| SupplyClauseKind::Evenly(from, to)).parse(rest)
        }
        Some("by") => {
            let (rest, _) = (word("by"), word("progress")).parse(rest)?;
            Ok((rest, SupplyClauseKind::ByProgress(input.span_to(rest))))
        }
        _ => {
            let moment = called("`delivery`, `acceptance`, `order` or `invoice`", name);
            map(preceded(word("at"), moment), SupplyClauseKind::Control).parse(rest)
        }
    }
}

/// `MINIMUM := 'take' 'or' 'pay' SUM 'every' NAME 'from' DATE 'to' DATE ['with' 'make_up' 'until' DATE] [',' 'options' 'beyond']`
fn minimum(input: Tokens<'_>) -> Parsed<'_, Minimum> {
    let (rest, _) = (word("or"), word("pay")).parse(input)?;
    let (rest, quantity) = called("a quantity", sum).parse(rest)?;
    let (rest, every) = preceded(word("every"), called("`month`, `quarter` or `year`", name)).parse(rest)?;
    let (rest, (from, to)) = (preceded(word("from"), date), preceded(word("to"), date)).parse(rest)?;
    let make_up = opt(preceded((word("with"), word("make_up"), word("until")), date));
    let beyond = opt((punct(Punct::Comma), word("options"), word("beyond")));
    map((make_up, beyond), |(make_up, beyond)| Minimum {
        beyond: beyond.is_some(),
        quantity: quantity.clone(),
        every: every.clone(),
        from: from.clone(),
        to: to.clone(),
        make_up,
    })
    .parse(rest)
}

/// `PAYS := 'pays' ('rest' | SUM 'of' 'price') ('on' NAME | whole 'days' ('after' | 'before') NAME)`
fn pays(input: Tokens<'_>) -> Parsed<'_, Pays> {
    let share = called("`rest` or a share such as `20% of price`", sum);
    let share = map(terminated(share, (word("of"), word("price"))), Some);
    let (rest, share) = alt((map(word("rest"), |_| None), share)).parse(input)?;
    let (rest, offset) = match rest.word(0) {
        Some("on") => value(0, word("on")).parse(rest)?,
        _ => called("`on EVENT` or `DAYS days after EVENT`", days).parse(rest)?,
    };
    let event = called("`order`, `delivery`, `acceptance`, `invoice` or `signing`", name);
    map(event, |event| Pays { share: share.clone(), offset, event }).parse(rest)
}

/// `whole ('day' | 'days') ('after' | 'before')`
fn days(input: Tokens<'_>) -> Parsed<'_, i64> {
    let (rest, count) = whole(input)?;
    let rest = match rest.word(0) {
        Some("day" | "days") => nom::Input::take_from(&rest, 1),
        _ => return rest.miss(Wanted::Exactly("days")),
    };
    alt((value(count, word("after")), value(count.saturating_neg(), word("before")))).parse(rest)
}

//! Ledger lines.

use nom::combinator::{map, opt};
use nom::sequence::{preceded, separated_pair, terminated};
use nom::{Input, Parser};

use super::ast::{Act, Line, Name, Path, Support, Verb};
use super::clause::{
    block, called, choose_or, date, equals, name, name_of, path, punct, quiet, suffixes_begin, support, text, word,
};
use super::cursor::{Parsed, Rule, Tokens, Wanted};
use super::expr::{named_period, sum};
use super::price::quoted_or_path;
use super::token::{Punct, Token, TokenKind};
use crate::base::Code;

/// `LINE := DATE {['known' DATE] [BASIS]} [NAME ':'] [VERB] SUFFIX*`; the verb is absent only before `withdraws`
pub(super) fn line(input: Tokens<'_>) -> Parsed<'_, Line> {
    let (mut rest, date_) = date(input)?;
    let (mut known, mut basis) = (None, None);
    loop {
        rest = match rest.word(0) {
            Some("known") if known.is_none() => super::item::into(date, &mut known, rest)?,
            Some("actual" | "forecast" | "assumed") if basis.is_none() => {
                let (rest, word) = name(rest)?;
                basis = Some(word);
                rest
            }
            _ => break,
        }
    }
    let (rest, id) = match rest.punct(1, Punct::Colon) {
        true => map(terminated(name, punct(Punct::Colon)), Some).parse(rest)?,
        false => (rest, None),
    };
    let mut line = Line {
        date: date_,
        known,
        basis,
        id,
        verb: None,
        realises: None,
        corrects: None,
        withdraws: None,
        support: Support::default(),
        note: None,
        span: input.span_to(rest),
    };
    let body = rest.narrowed(suffixes_begin(rest, suffix_length));
    let (mut after, complete) = match body.is_empty() {
        true => (rest, true),
        false => {
            let (after, verb) = choose_or(body, Code::UnknownVerb, "a ledger verb", VERBS)?;
            line.verb = Some(verb);
            (after.widened(rest), after.is_empty())
        }
    };
    if complete {
        (after, line) = suffixes(after, line)?;
    }
    if line.verb.is_none() && line.withdraws.is_none() {
        return rest.miss(Wanted::Some("a verb such as `order` or `deliver`"));
    }
    line.span = input.span_to(after);
    Ok((after, line))
}

/// Lexemes of the suffix at the end, of those that only ledger lines have.
fn suffix_length(left: Tokens<'_>) -> usize {
    let length = left.input_len();
    let word_at = |back: usize| length.checked_sub(back).and_then(|at| left.word(at));
    let text_last = length.checked_sub(1).and_then(|at| left.token(at)).is_some_and(is_text);
    match (word_at(4), word_at(3), word_at(2), word_at(1)) {
        _ if text_last => 1,
        (Some("realises"), Some(_), Some("in"), Some("part")) => 4,
        (_, _, Some("realises" | "corrects" | "withdraws"), Some(_)) => 2,
        _ => 0,
    }
}

fn is_text(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Text(_))
}

/// `SUFFIX := 'realises' NAME ['in' 'part'] | 'corrects' NAME | 'withdraws' NAME | SUPPORT | TEXT`, in any order
fn suffixes(mut rest: Tokens<'_>, mut line: Line) -> Parsed<'_, Line> {
    let id = |i| called("the id of a line", name).parse(i);
    loop {
        let (after, found) = support(rest)?;
        line.support.citations.extend(found.citations);
        line.support.assumed.extend(found.assumed);
        rest = match after.word(0) {
            Some("realises") if line.realises.is_none() => {
                let in_part = |i| map(opt((quiet("in"), word("part"))), |part| part.is_some()).parse(i);
                super::item::into(|i| (id, in_part).parse(i), &mut line.realises, after)?
            }
            Some("corrects") if line.corrects.is_none() => super::item::into(id, &mut line.corrects, after)?,
            Some("withdraws") if line.withdraws.is_none() => super::item::into(id, &mut line.withdraws, after)?,
            None if line.note.is_none() && after.token(0).is_some_and(is_text) => {
                let (after, note) = text(after)?;
                line.note = Some(note);
                after
            }
            _ => return Ok((after, line)),
        }
    }
}

/// Whether a line of the ledger may say this.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.iter().any(|(verb, _)| *verb == word)
}

const VERBS: &[(&str, Rule<Verb>)] = &[
    ("open", open),
    ("issue", super::equity::issue),
    ("authorise", super::equity::authorise),
    ("reserve", super::equity::reserve),
    ("convert", super::equity::convert),
    ("transfer", super::equity::transfer),
    ("change_of_control", super::equity::change_of_control),
    ("forfeit", super::equity::forfeit),
    ("cancel", super::equity::cancel),
    ("notice", super::equity::notice),
    ("hold", hold),
    ("observed", super::holding::observed),
    ("dividend", super::holding::dividend),
    ("allocate", super::holding::allocate),
    ("impair", super::holding::impair),
    ("order", |i| map(act, Verb::Order).parse(i)),
    ("deliver", |i| map(act, Verb::Deliver).parse(i)),
    ("accept", |i| map(act, Verb::Accept).parse(i)),
    ("invoice", |i| map(act, Verb::Invoice).parse(i)),
    ("pay", |i| map(act, Verb::Pay).parse(i)),
    ("refund", |i| map(act, Verb::Refund).parse(i)),
    ("progress", progress),
    ("estimate", estimate),
    ("attest", |i| map((target, called("what is attested", name)), |(t, n)| Verb::Attest(t, n)).parse(i)),
    ("judge", judge),
    ("value", |i| map((target, called("a value such as `50 USD/share`", sum)), |(t, v)| Verb::Value(t, v)).parse(i)),
    ("grant", |i| map((target, opt(sum)), |(t, v)| Verb::Grant(t, v)).parse(i)),
    ("modify", modify),
    ("former_customer", super::former::former_customer),
    ("adopt", adopt),
    ("exercise", exercise),
    ("call", |i| map((tranche, opt(sum)), |(t, a)| Verb::Call(t, a)).parse(i)),
    ("fund", fund),
    ("draw", |i| map(drawn, |(loan, amount)| Verb::Draw(loan, amount)).parse(i)),
    ("repay", |i| map(drawn, |(loan, amount)| Verb::Repay(loan, amount)).parse(i)),
    ("price", |i| {
        let of = called("`close(CLASS)`, `rate(EUR in USD)` or `valuation(PARTY)`", quoted_or_path);
        map((of, called("a price", sum)), |(c, p)| Verb::Price(c, p)).parse(i)
    }),
    ("minimum", |i| map((party, called("an amount", sum)), |(p, a)| Verb::Minimum(p, a)).parse(i)),
    ("undrawn", undrawn),
    ("split", split),
    ("supersede", |i| map((contract, opt(preceded(word("by"), contract))), |(a, b)| Verb::Supersede(a, b)).parse(i)),
    ("terminate", |i| map(contract, Verb::Terminate).parse(i)),
    ("close", close),
    ("restate", super::restate::restate),
    ("earnings", super::earnings::earnings),
    ("reported", super::covenant::reported),
];

fn target(input: Tokens<'_>) -> Parsed<'_, Path> {
    called("a tranche, a warrant or a holding", path).parse(input)
}

fn contract(input: Tokens<'_>) -> Parsed<'_, Path> {
    called("a contract", path).parse(input)
}

fn party(input: Tokens<'_>) -> Parsed<'_, Name> {
    called("a party", name).parse(input)
}

/// `OPEN := 'open' NAME '{' (PATH SUM)* '}'`
fn open(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let held = block(|i| (called("an account or a class of shares", path), called("an amount", sum)).parse(i));
    map((party, held), |(party, held)| Verb::Open(party, held)).parse(input)
}

/// `HOLD := 'hold' NAME SUM ['of' PATH] ['for' SUM]`
fn hold(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let stake = called("`SHARES shares of CLASS` or `PERCENT of CLASS`", sum);
    let of = opt(preceded(word("of"), called("a class of shares", path)));
    let paid = opt(preceded(word("for"), called("an amount", sum)));
    map((party, stake, of, paid), |(party, stake, of, paid)| Verb::Hold(party, stake, of, paid)).parse(input)
}

/// `ACT := PATH SUM ['by' NAME] ['as' NAME]`
fn act(input: Tokens<'_>) -> Parsed<'_, Act> {
    let (rest, supply) = called("a supply such as `CONTRACT.SUPPLY`", path).parse(input)?;
    let (rest, quantity) = called("a quantity such as `1 GW`", sum).parse(rest)?;
    let (rest, by) = opt(preceded(word("by"), party)).parse(rest)?;
    let (rest, group) = opt(preceded(word("as"), called("a group", name))).parse(rest)?;
    Ok((rest, Act { supply, quantity, by, group }))
}

/// `PROGRESS := 'progress' PATH SUM ['of' SUM]`
fn progress(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, supply) = called("a supply", path).parse(input)?;
    let (rest, done) = called("a share such as `40%`", sum).parse(rest)?;
    let (rest, of) = opt(preceded(word("of"), called("what the whole takes", sum))).parse(rest)?;
    Ok((rest, Verb::Progress(supply, done, of)))
}

/// `ESTIMATE := 'estimate' PATH '{' (SUM 'at' SUM)* '}' ['constrained' 'to' SUM]`
fn estimate(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let variable = called("a variable amount such as `CONTRACT.bonus`", path);
    let outcomes = block(|i| {
        let probability = called("a probability such as `60%`", sum);
        (called("an amount", sum), preceded(word("at"), probability)).parse(i)
    });
    let limit = opt(preceded((word("constrained"), word("to")), called("an amount", sum)));
    map((variable, outcomes, limit), |(v, o, l)| Verb::Estimate(v, o, l)).parse(input)
}

/// `MODIFY := 'modify' (REPRICING | CHANGE_OF_AWARD)`
fn modify(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let award = target(input).is_ok_and(|(rest, _)| rest.word(0) == Some("type"));
    if award { modify_award(input) } else { modify_supply(input) }
}

/// `REPRICING := PATH [SUM] 'for' SUM ('separately' | 'prospectively' | 'cumulatively')`
fn modify_supply(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, supply) = called("a supply", path).parse(input)?;
    let (rest, quantity) = match rest.word(0) {
        Some("for") => (rest, None),
        _ => map(called("a quantity, or `for AMOUNT`", sum), Some).parse(rest)?,
    };
    let (rest, amount) = preceded(word("for"), called("an amount", sum)).parse(rest)?;
    let (rest, how) = called("`separately`, `prospectively` or `cumulatively`", name).parse(rest)?;
    Ok((rest, Verb::Reprice(supply, quantity, amount, how)))
}

/// `JUDGE := 'judge' PATH ['not'] NAME [SUM]`
fn judge(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let negated = map(opt(quiet("not")), |not| not.is_some());
    let finding = called("a finding such as `probable`", name);
    let (rest, (target, negated, finding, value)) = (target, negated, finding, opt(sum)).parse(input)?;
    Ok((rest, Verb::Judge { target, negated, finding, value }))
}

/// `CHANGE_OF_AWARD := PATH 'type' NAME ['from' SUM 'to' SUM] ['waived']`
fn modify_award(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let kind = preceded(word("type"), called("`I`, `II`, `III` or `IV`", name));
    let value = |i| called("a value such as `17 USD/share`", sum).parse(i);
    let values = opt(preceded(quiet("from"), separated_pair(value, word("to"), value)));
    let waived = map(opt(quiet("waived")), |waived| waived.is_some());
    let (rest, (target, kind, values, waived)) = (target, kind, values, waived).parse(input)?;
    Ok((rest, Verb::Modify { target, kind, values, waived }))
}

/// `ADOPT := 'adopt' NAME NAME '=' CHOICE [NAME]`
fn adopt(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let policy = terminated(called("a policy of its book", name), equals);
    let transition = opt(called("`modified_retrospective` or `catch_up`", name));
    let (rest, (party, policy, choice, transition)) =
        (party, policy, called("a choice", super::choice::choice), transition).parse(input)?;
    Ok((rest, Verb::Adopt(party, policy, choice, transition)))
}

/// `EXERCISE := 'exercise' PATH SUM ['cash' | 'net'] ['by' NAME]`
fn exercise(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let how = opt(name_of(&["cash", "net"]));
    let by = opt(preceded(word("by"), party));
    let (rest, (tranche, shares, how, by)) = (target, called("a number of shares", sum), how, by).parse(input)?;
    Ok((rest, Verb::Exercise(tranche, shares, how, by)))
}

/// `UNDRAWN := 'undrawn' NAME NAME SUM ['until' DATE]`
fn undrawn(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let facility = called("the name of a facility", name);
    let until = opt(preceded(word("until"), date));
    let (rest, (party, facility, amount, until)) = (party, facility, called("an amount", sum), until).parse(input)?;
    Ok((rest, Verb::Undrawn(party, facility, amount, until)))
}

/// `PATH SUM`
fn drawn(input: Tokens<'_>) -> Parsed<'_, (Path, super::ast::Expr)> {
    (called("a loan such as `CONTRACT.LOAN`", path), called("an amount such as `10bn USD`", sum)).parse(input)
}

fn tranche(input: Tokens<'_>) -> Parsed<'_, Path> {
    called("a tranche of an investment", path).parse(input)
}

/// `FUND := 'fund' PATH SUM ['by' NAME]`
fn fund(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let by = opt(preceded(word("by"), party));
    map((tranche, called("an amount such as `10bn USD`", sum), by), |(t, a, by)| Verb::Fund(t, a, by)).parse(input)
}

/// `SPLIT := 'split' PATH SUM 'for' SUM`
fn split(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let ratio = separated_pair(called("a number", sum), word("for"), called("a number", sum));
    map((called("a class of shares", path), ratio), |(class, (new, old))| Verb::Split(class, new, old)).parse(input)
}

/// `CLOSE := 'close' NAME PERIOD`
fn close(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, party) = party(input)?;
    match named_period(rest, 0) {
        Some((period, span)) => Ok((rest.take_from(1), Verb::Close(party, period, span))),
        None => rest.miss(Wanted::Some("a period such as `2027-Q2`")),
    }
}

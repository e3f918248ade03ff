//! What a warrant says beyond number, price and time, and ledger lines about shares and rights.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::separated_list1;
use nom::sequence::{preceded, separated_pair};

use super::ast::{CheaperIssues, EquityClause, EquityVerb, InstrumentClauseKind, Issue, OnControl, Transferable, Verb};
use super::clause::{called, name, name_of, path, punct, quiet, whole, word};
use super::cursor::{Parsed, Tokens};
use super::expr::sum;
use super::token::Punct;
use super::warrant::{Kind, boxed};

/// `ADJUSTS := 'adjusts' 'for' ('splits' | CHEAPER_ISSUES)`
pub(super) fn adjusts(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let (rest, _) = word("for")(input)?;
    if rest.word(0) == Some("cheaper") {
        return boxed(input, cheaper_issues, |found| InstrumentClauseKind::Equity(EquityClause::CheaperIssues(found)));
    }
    boxed(rest, |i| value((), word("splits")).parse(i), |()| InstrumentClauseKind::Splits(true))
}

/// `CHEAPER_ISSUES := 'cheaper' 'issues' ['of' PATH (',' PATH)*] 'by' ('full' 'ratchet' | 'weighted' 'average' 'over'
/// ('issued' | 'fully' 'diluted') 'shares') [',' 'number' 'too'] ['except' PATH (',' PATH)*]`
fn cheaper_issues(input: Tokens<'_>) -> Parsed<'_, CheaperIssues> {
    let (rest, _) = (word("for"), word("cheaper"), word("issues")).parse(input)?;
    let class = |i| called("a class of shares", path).parse(i);
    let (rest, of) = opt(preceded(quiet("of"), separated_list1(punct(Punct::Comma), class))).parse(rest)?;
    let issued = map((name_of(&["issued"]), word("shares")), |(word, _)| word);
    let fully = map((name_of(&["fully"]), word("diluted"), word("shares")), |(word, ..)| word);
    let average = preceded((word("weighted"), word("average"), word("over")), alt((issued, fully)));
    let by = alt((value(None, (word("full"), word("ratchet"))), map(average, Some)));
    let (rest, average) = preceded(word("by"), by).parse(rest)?;
    let (rest, number) = opt((punct(Punct::Comma), word("number"), word("too"))).parse(rest)?;
    let exempt = |i| called("a group of issues, or an investment", path).parse(i);
    let (rest, except) = opt(preceded(quiet("except"), separated_list1(punct(Punct::Comma), exempt))).parse(rest)?;
    let (of, except) = (of.unwrap_or_default(), except.unwrap_or_default());
    Ok((rest, CheaperIssues { of, average, number: number.is_some(), except, span: input.span_to(rest) }))
}

/// `ROUNDS := 'rounds' 'strike' 'to' SUM ['up' | 'down' | 'half_up']`
pub(super) fn rounds(input: Tokens<'_>) -> Parsed<'_, Kind> {
    fn whole(input: Tokens<'_>) -> Parsed<'_, EquityClause> {
        let step = preceded((word("strike"), word("to")), called("a step such as `0.0001 USD/share`", sum));
        map((step, opt(name_of(&["up", "down", "half_up"]))), |(s, m)| EquityClause::RoundsStrike(s, m)).parse(input)
    }
    boxed(input, whole, InstrumentClauseKind::Equity)
}

/// `FRACTIONS := 'fractions' ('down' | 'nearest' | 'in' 'cash')`
pub(super) fn fractions(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let kind = |i| alt((preceded(quiet("in"), name_of(&["cash"])), name_of(&["down", "nearest"]))).parse(i);
    let (rest, kind) = called("`down`, `nearest` or `in cash`", kind).parse(input)?;
    Ok((rest, Box::new(InstrumentClauseKind::Equity(EquityClause::Fractions(kind)))))
}

/// `ISSUE := 'issue' SUM ['at' SUM] ['to' NAME] ['as' NAME] ['for' SUM]`
pub(super) fn issue(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, shares) = called("`SHARES shares of CLASS`", sum).parse(input)?;
    let (rest, price) = opt(preceded(quiet("at"), called("a price such as `8 USD/share`", sum))).parse(rest)?;
    let (rest, to) = opt(preceded(word("to"), called("a party or `holders`", name))).parse(rest)?;
    let (rest, group) = opt(preceded(word("as"), called("a group of issues", name))).parse(rest)?;
    let (rest, raised) = opt(preceded(word("for"), called("an amount such as `2bn USD`", sum))).parse(rest)?;
    Ok((rest, Verb::Issue(Issue { shares, price, to, group, raised })))
}

/// `AUTHORISE := 'authorise' SUM`
pub(super) fn authorise(input: Tokens<'_>) -> Parsed<'_, Verb> {
    map(called("`SHARES shares of CLASS`", sum), |shares| Verb::Equity(EquityVerb::Authorise(shares))).parse(input)
}

/// `RESERVE := 'reserve' SUM`
pub(super) fn reserve(input: Tokens<'_>) -> Parsed<'_, Verb> {
    map(called("`SHARES shares of CLASS`", sum), |shares| Verb::Equity(EquityVerb::Reserve(shares))).parse(input)
}

/// `TRANSFERABLE := 'transferable' ('freely' | 'to' NAME (',' NAME)*)`
pub(super) fn transferable(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let group = |i| called("a group such as `affiliates`", name).parse(i);
    let groups = preceded(word("to"), separated_list1(punct(Punct::Comma), group));
    let whom = alt((value(Transferable::Freely, word("freely")), map(groups, Transferable::To)));
    let (rest, whom) = called("`freely` or `to GROUP`", whom).parse(input)?;
    Ok((rest, Box::new(InstrumentClauseKind::Equity(EquityClause::Transferable(whom)))))
}

/// `'not' 'transferable'`
pub(super) fn not_transferable(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let (rest, _) = word("transferable")(input)?;
    Ok((rest, Box::new(InstrumentClauseKind::Equity(EquityClause::Transferable(Transferable::Never)))))
}

/// `CONVERT := 'convert' SUM 'into' PATH SUM 'for' SUM ['by' NAME]`
pub(super) fn convert(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, what) = called("a class, or `SHARES shares of CLASS`", sum).parse(input)?;
    let (rest, into) = preceded(word("into"), called("a class of shares", path)).parse(rest)?;
    let number = |i| called("a number", sum).parse(i);
    let (rest, ratio) = separated_pair(number, word("for"), number).parse(rest)?;
    let (rest, by) = opt(preceded(word("by"), called("a party", name))).parse(rest)?;
    Ok((rest, Verb::Equity(EquityVerb::Convert { what, into, ratio, by })))
}

/// `TRANSFER := 'transfer' PATH [SUM] 'to' NAME ['as' NAME] ['for' SUM] ['from' NAME]`
pub(super) fn transfer(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let (rest, target) = called("a tranche or a warrant", path).parse(input)?;
    let (rest, shares) = match rest.word(0) {
        Some("to") => (rest, None),
        _ => map(called("a number of shares, or `to PARTY`", sum), Some).parse(rest)?,
    };
    let (rest, to) = preceded(word("to"), called("a party", name)).parse(rest)?;
    let (rest, group) = opt(preceded(word("as"), called("a group", name))).parse(rest)?;
    let (rest, price) = opt(preceded(word("for"), called("an amount", sum))).parse(rest)?;
    let (rest, from) = opt(preceded(word("from"), called("a party", name))).parse(rest)?;
    Ok((rest, Verb::Equity(EquityVerb::Transfer { target, shares, to, group, price, from })))
}

/// `CONTROL := 'change' 'of' 'control' ('vests' ('all' | 'to' SUM | 'by' 'price') | 'forfeits' 'unvested')`
pub(super) fn control(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let share = preceded(word("to"), called("a share such as `60%`", sum));
    let vests = alt((
        value(OnControl::All, word("all")),
        value(OnControl::ByPrice, (word("by"), word("price"))),
        map(share, OnControl::To),
    ));
    let forfeits = value(OnControl::Forfeits, (word("forfeits"), word("unvested")));
    let (rest, (_, _, what)) =
        (word("of"), word("control"), alt((preceded(word("vests"), vests), forfeits))).parse(input)?;
    Ok((rest, Box::new(InstrumentClauseKind::Equity(EquityClause::Control(what)))))
}

/// `CAP := 'ownership' 'cap' (SUM | 'rises' 'to' SUM whole ('day' | 'days') 'after' 'notice')`
pub(super) fn ownership_cap(input: Tokens<'_>) -> Parsed<'_, Kind> {
    let (rest, _) = word("cap")(input)?;
    if rest.word(0) != Some("rises") {
        return boxed(rest, |i| called("a part such as `4.999%`", sum)(i), InstrumentClauseKind::OwnershipCap);
    }
    let day = alt((word("days"), word("day")));
    let (rest, (_, _, most, days, ..)) =
        (word("rises"), word("to"), called("a part such as `9.999%`", sum), whole, day, word("after"), word("notice"))
            .parse(rest)?;
    Ok((rest, Box::new(InstrumentClauseKind::Equity(EquityClause::CapRises(most, days)))))
}

/// `CHANGE_OF_CONTROL := 'change_of_control' NAME ['at' SUM]`
pub(super) fn change_of_control(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let price = opt(preceded(word("at"), called("a price such as `45 USD/share`", sum)));
    map((called("an issuer", name), price), |(party, price)| Verb::Equity(EquityVerb::Control(party, price)))
        .parse(input)
}

/// `FORFEIT := 'forfeit' PATH ['all']`
pub(super) fn forfeit(input: Tokens<'_>) -> Parsed<'_, Verb> {
    map((called("a tranche or a warrant", path), opt(quiet("all"))), |(target, all)| {
        Verb::Equity(EquityVerb::Forfeit { target, all: all.is_some(), cancelled: false })
    })
    .parse(input)
}

/// `CANCEL := 'cancel' PATH`
pub(super) fn cancel(input: Tokens<'_>) -> Parsed<'_, Verb> {
    map(called("a tranche or a warrant", path), |target| {
        Verb::Equity(EquityVerb::Forfeit { target, all: true, cancelled: true })
    })
    .parse(input)
}

/// `NOTICE := 'notice' PATH 'cap' SUM`
pub(super) fn notice(input: Tokens<'_>) -> Parsed<'_, Verb> {
    let cap = preceded(word("cap"), called("a part such as `9.999%`", sum));
    map((called("a warrant", path), cap), |(target, cap)| Verb::Equity(EquityVerb::Notice(target, cap))).parse(input)
}

//! Fair values by models, against published values and independent calculations. The calculations beside a figure were made
//! with `erfc` and numerical integration outside this program.
#![expect(clippy::disallowed_types, reason = "models work in binary floats")]

use std::num::NonZero;

use proforma::base::Severity;
use proforma::check;
use proforma::num::Number;
use proforma::pricing::{
    Estimate, Hurdle, Index, Input, Market, Method, Settings, Simulation, Strike, TRADING_DAYS, Tested, Unfit, Watched,
    at_the_end, call, monitored, simulate, touch_probability, up_and_in_call,
};
use proforma::report::{self, Cell, Row, Scope};

use crate::common::{Memory, checked_text, fact, number, with_run};

fn market(spot: f64, volatility: f64, rate: f64, dividend: f64, term: f64) -> Market {
    Market { spot, volatility, rate, dividend, term }
}

fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} is not {expected} within {within}");
}

fn threads(count: usize) -> NonZero<usize> {
    NonZero::new(count).unwrap()
}

/// Vector M1: S 200, sigma 50 %, r 4 %, no dividends, five years, a penny warrant taken as the share itself. Value and
/// probability if touched at any moment, value if the target is tested only at the end.
#[test]
fn a_penny_warrant_with_a_price_target() {
    let share = market(200.0, 0.5, 0.04, 0.0, 5.0);
    for (hurdle, touched, probability, at_end) in [
        (300.0, 175.548_759, 0.613_609, 129.252_056),
        (400.0, 152.955_707, 0.411_560, 109.387_905),
        (500.0, 133.500_223, 0.292_202, 93.492_272),
        (600.0, 117.052_647, 0.216_015, 80.666_839),
    ] {
        near(up_and_in_call(&share, 0.0, hurdle), touched, 5e-7);
        near(touch_probability(&share, hurdle), probability, 5e-7);
        near(at_the_end(&share, 0.0, hurdle).0, at_end, 5e-7);
    }
    let daily = monitored(600.0, 0.5, TRADING_DAYS);
    near(daily, 611.111_690, 5e-7);
    near(up_and_in_call(&share, 0.0, daily), 115.392_626, 5e-7);
    // A strike of 0.01 takes its present value off at most.
    let with_strike = up_and_in_call(&share, 0.01, 600.0);
    assert!(with_strike < 117.052_647 && with_strike > 117.052_647 - 0.01);
}

/// An up-and-in call, S and K 100, H 130, r 3 %, sigma 35 %, three years (1,096 days over 365): QuantLib 1.44 gives 27.120 and,
/// with the hurdle shifted for daily closes, financepy 1.1.2 gives 27.074. With dividends: S 100, K 80, H 150, r 3 %, q 2 %,
/// sigma 40 %, two years: 27.052413 by integrating the reflected density.
#[test]
fn up_and_in_calls() {
    let share = market(100.0, 0.35, 0.03, 0.0, 1096.0 / 365.0);
    near(up_and_in_call(&share, 100.0, 130.0), 27.120, 5e-4);
    near(up_and_in_call(&share, 100.0, monitored(130.0, 0.35, TRADING_DAYS)), 27.074, 5.1e-4);
    let paying = market(100.0, 0.4, 0.03, 0.02, 2.0);
    near(up_and_in_call(&paying, 80.0, 150.0), 27.052_413, 5e-6);
    // A hurdle at or below the price or the strike is none.
    near(up_and_in_call(&paying, 80.0, 100.0), call(&paying, 80.0), 0.0);
    near(up_and_in_call(&paying, 160.0, 150.0), call(&paying, 160.0), 0.0);
    // Little volatility and a far target: nothing, and no overflow on the way.
    near(up_and_in_call(&market(100.0, 0.01, 0.04, 0.0, 1.0), 0.01, 300.0), 0.0, 1e-12);
}

/// Clean Energy Fuels, 16 April 2021: S 11.12 (close of 15 April), K 13.49, r 1.59 %, sigma 66.46 %, ten years. 7.802044; the
/// 13,283,445 shares of the first tranche come to 103.638m. The company reports 115.0m (76.6m at once, 38.4m asset) for these
/// and 1,406,490 shares of June, which are 8.078 each by difference: at the published 67.97 % and 1.49 % that is a price of
/// 11.32 to 11.38.
#[test]
fn clean_energy_fuels() {
    let april = market(11.12, 0.6646, 0.0159, 0.0, 10.0);
    let value = call(&april, 13.49);
    near(value, 7.802_044, 5e-7);
    near(value * 13_283_445.0, 103_638_000.0, 500.0);
    let june = (115_000_000.0 - value * 13_283_445.0) / 1_406_490.0;
    near(june, 8.078, 5e-4);
    let at = |spot: f64| call(&market(spot, 0.6797, 0.0149, 0.0, 10.0), 13.49);
    assert!(at(11.32) < june + 0.036 && at(11.38) > june - 0.036, "{} {june} {}", at(11.32), at(11.38));
    // The rate compounded once a year makes 7.7999: 0.03 %, below what is published.
    let yearly = Settings { annual: true, ..Settings::of(Method::BlackScholes) };
    assert_eq!(yearly.value(&clean_energy()).unwrap().value, number("7.8"));
}

fn clean_energy() -> Vec<(Input, Number)> {
    vec![
        (Input::Spot, number("11.12")),
        (Input::Strike, number("13.49")),
        (Input::Volatility, number("0.6646")),
        (Input::Rate, number("0.0159")),
        (Input::Term, number("10")),
    ]
}

/// Plug Power 2017: the share price of the day is not published, so its values are stated inputs; the totals are theirs. Amazon
/// 5,819,652 × 1.15 = 6,692,599.80, reported as 6.7m; Walmart 5,819,652 × 1.88 = 10,940,945.76, reported as 10.9m.
#[test]
fn plug_power_stated_values() {
    let shares = number("5819652");
    assert_eq!(shares.times(number("1.15")).unwrap(), number("6692599.8"));
    assert_eq!(shares.times(number("1.88")).unwrap(), number("10940945.76"));
}

/// Enough for an error of two or three per cent, few enough for an unoptimised build.
const PATHS: u32 = 6_000;

fn simulation(market: Market, paths: u32) -> Simulation {
    let (strike, tested) = (Strike::Fixed(0.01), Tested::Daily);
    Simulation { market, strike, hurdle: None, index: None, tested, paths, seed: 1 }
}

/// Within three standard errors, which are small enough to mean something.
fn agrees(found: Estimate, expected: f64, part: f64) {
    let error = found.error.unwrap();
    assert!(error < expected * part, "the standard error {error} is too large for {expected}");
    near(found.value, expected, 3.0 * error);
}

/// Without conditions the simulation is Black and Scholes.
#[test]
fn simulated_calls() {
    let share = market(42.0, 0.2, 0.1, 0.0, 0.5);
    let asked = Simulation { strike: Strike::Fixed(40.0), ..simulation(share, PATHS) };
    let found = simulate(&asked, threads(2));
    agrees(found, call(&share, 40.0), 0.04);
    assert_eq!(found.probability, Some(1.0));
}

/// Daily closes against the closed form with the shifted hurdle: S 100, sigma 40 %, r 3 %, one year, H 130; a share at touch
/// 58.1989 (60.4018 if watched continuously, by integration). The shift is good to a few hundredths.
#[test]
fn simulated_targets() {
    let share = market(100.0, 0.4, 0.03, 0.0, 1.0);
    let daily = monitored(130.0, 0.4, TRADING_DAYS);
    near(up_and_in_call(&share, 0.0, daily), 58.198_894, 5e-6);
    let target = Hurdle { level: 130.0, window: 1 };
    let asked = Simulation { hurdle: Some(target), ..simulation(share, PATHS) };
    let found = simulate(&asked, threads(2));
    agrees(found, up_and_in_call(&share, 0.01, daily), 0.04);
    near(found.probability.unwrap(), touch_probability(&share, daily), 0.02);
    // At the end only: 42.8261 for the close at or above 120.
    let target = Hurdle { level: 120.0, window: 1 };
    let asked = Simulation { hurdle: Some(target), tested: Tested::AtEnd, ..simulation(share, PATHS) };
    agrees(simulate(&asked, threads(2)), 42.8261, 0.04);
}

/// The average of the last 20 closes at or above 120: 42.2215 for the geometric mean, whose logarithm is normal (Kemna and Vorst
/// 1990); the arithmetic mean is larger by less than a tenth of a standard error. A window of one is the close itself.
#[test]
fn simulated_averages() {
    let share = market(100.0, 0.4, 0.03, 0.0, 1.0);
    let over = |window, tested| {
        let hurdle = Some(Hurdle { level: 120.0, window });
        simulate(&Simulation { hurdle, tested, ..simulation(share, PATHS) }, threads(2))
    };
    agrees(over(20, Tested::AtEnd), 42.2215, 0.04);
    // An average is reached less often than a close, and more often the shorter it is.
    let [close, month, quarter] = [1, 20, 60].map(|window| over(window, Tested::Daily).probability.unwrap());
    assert!(close > month && month > quarter, "{close} {month} {quarter}");
    // A window longer than the term never fills.
    assert_eq!(over(253, Tested::Daily).value, 0.0);
}

/// A strike of 90 % of the price half a year on, S 100, sigma 40 %, r 3 %, q 2 %, one year: 16.347813 = S e^(-q/2) × a call on 1 at
/// 0.9 for the remaining half (Rubinstein 1991).
#[test]
fn simulated_strikes() {
    let share = market(100.0, 0.4, 0.03, 0.02, 1.0);
    let strike = |window| Strike::Reset { ratio: 0.9, window, after: 0.5 };
    let found = simulate(&Simulation { strike: strike(1), ..simulation(share, PATHS) }, threads(2));
    agrees(found, 16.347_813, 0.04);
    // Averaging over 30 days makes little difference, and some.
    let averaged = simulate(&Simulation { strike: strike(30), ..simulation(share, PATHS) }, threads(2));
    assert!(averaged.value != found.value && (averaged.value - found.value).abs() < 1.0);
}

/// The share at the end if it has risen as much as an index (sigma 20 %, correlation 60 %), or 10 % more: an exchange option without
/// the index, `S N(±…)` with the volatility of the ratio, 32.249 % (Margrabe 1978): 56.404985 and 44.658301.
#[test]
fn simulated_against_an_index() {
    let share = market(100.0, 0.4, 0.03, 0.0, 1.0);
    let beating = |margin| {
        let index = Some(Index { volatility: 0.2, dividend: 0.0, correlation: 0.6, margin });
        simulate(&Simulation { index, tested: Tested::AtEnd, ..simulation(share, PATHS) }, threads(2))
    };
    agrees(beating(0.0), 56.404_985, 0.04);
    let found = beating(0.1);
    agrees(found, 44.658_301, 0.04);
    near(found.probability.unwrap(), 0.315_046, 0.02);
}

/// Joint conditions are met less often than each of them.
#[test]
fn simulated_joint_conditions() {
    let share = market(100.0, 0.4, 0.03, 0.0, 1.0);
    let hurdle = Some(Hurdle { level: 120.0, window: 10 });
    let index = Some(Index { volatility: 0.2, dividend: 0.0, correlation: 0.6, margin: 0.2 });
    let base = simulation(share, PATHS / 2);
    let share_met = |hurdle, index| simulate(&Simulation { hurdle, index, ..base }, threads(2)).probability.unwrap();
    let (both, price, relative) = (share_met(hurdle, index), share_met(hurdle, None), share_met(None, index));
    assert!(both < price && both < relative && both > 0.05, "{both} {price} {relative}");
}

/// Blocks have their own random numbers and are summed in order: to the last bit, whatever the number of threads.
#[test]
fn threads_change_nothing() {
    let share = market(200.0, 0.5, 0.04, 0.0, 0.5);
    let index = Some(Index { volatility: 0.2, dividend: 0.01, correlation: 0.5, margin: 0.0 });
    let hurdle = Some(Hurdle { level: 210.0, window: 5 });
    let asked = Simulation { hurdle, index, ..simulation(share, 1_501) };
    let one = simulate(&asked, threads(1));
    for count in [2, 7, 100] {
        assert_eq!(simulate(&asked, threads(count)), one, "{count} threads");
    }
    let other = simulate(&Simulation { seed: 2, ..asked }, threads(1));
    assert!(other.value != one.value);
    near(other.value, one.value, 4.0 * (one.error.unwrap() + other.error.unwrap()));
}

/// What a model cannot use is named.
#[test]
fn unfit_inputs() {
    let with = |input: Input, text: &str| {
        let inputs: Vec<_> =
            clean_energy().into_iter().map(|(i, n)| if i == input { (i, number(text)) } else { (i, n) }).collect();
        Settings::of(Method::BlackScholes).value(&inputs)
    };
    for (input, text) in [
        (Input::Spot, "0"),
        (Input::Spot, "-1"),
        (Input::Strike, "-0.01"),
        (Input::Volatility, "0"),
        (Input::Volatility, "-0.5"),
        (Input::Volatility, "66.46"),
        (Input::Rate, "7"),
        (Input::Term, "0"),
        (Input::Term, "101"),
    ] {
        assert!(matches!(with(input, text), Err(Unfit { input: found, .. }) if found == input), "{input:?} {text}");
    }
    // The ends of what is accepted still give numbers.
    for (input, text) in [
        (Input::Volatility, "10"),
        (Input::Volatility, "0.000001"),
        (Input::Term, "100"),
        (Input::Spot, "0.000001"),
        (Input::Strike, "0"),
        (Input::Strike, "1000000000000"),
        (Input::Rate, "-0.5"),
        (Input::Rate, "5"),
    ] {
        assert!(with(input, text).is_ok(), "{input:?} {text}");
    }
}

/// A contract in which models work, to be completed by the clauses of a warrant.
fn contract(clauses: &str, rest: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
unit gallon
party S "Seller" {{ currency USD; fiscal year ends 31 December; class common par 0.0001 USD/share, calendar nyse; book us_gaap }}
party B "Buyer" {{ currency USD; fiscal year ends 31 December; book us_gaap }}
contract c "Supply" between S as seller, B as buyer {{
  signed 2021-04-16
  supply fuel {{ 100 gallon definitive firm; price 5m USD/gallon; pays rest on delivery; control passes at delivery }}
  counter bought = sum gallon over delivery fuel by anyone since signed
  warrant w over 20m shares of S.common at 13.49 USD/share, issuer S, holder B {{
    expires 2031-04-16; exercise cash; adjusts for splits
    {clauses}
  }}
}}
2021-04-16 judge c.w probable
{rest}
"#
    )
}

const MODEL: &str = "black_scholes(spot 11.12 USD/share, volatility 66.46%, rate 1.59%, term 10 years)";

/// The value enters once, rounded: 7.802044 is 7.8020. Half of 20m shares at 7.802 over 100 gallons, 25 of them delivered:
/// 10m × 7.802 × 25/100 = 19,505,000. The other half has a stated value, which goes before the model's: 10m × 8 × 25/100 = 20m.
#[test]
fn a_model_value_in_the_books() {
    let clauses = format!(
        "fair value {MODEL}
    tranche M 10m shares {{ vests when bought >= 100 gallon }}
    tranche O 10m shares {{ vests when bought >= 100 gallon; fair value 8 USD/share; earned over 0 gallon to 100 gallon of bought }}"
    );
    let checked = checked_text(&contract(
        &clauses,
        "2021-05-03 deliver c.fuel 25 gallon\nscenario calm \"less volatile\" from base { set sigma = 30% }\nassume sigma = 66.46%",
    ));
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "S.contra_revenue[c.w.M] in 2021-Q2"), Some(number("19505000")));
        assert_eq!(fact(replay, "S.contra_revenue[c.w.O] in 2021-Q2"), Some(number("20000000")));
        let shown = report::build("fair-value", replay, &Scope::default()).unwrap();
        let words: Vec<&str> = shown.assumptions.iter().map(|(name, ..)| &**name).collect();
        assert!(words.contains(&"c.w.fair_value"), "{words:?}");
        let (.., why) = shown.assumptions.iter().find(|(name, ..)| &**name == "c.w.fair_value").unwrap();
        assert_eq!(
            &**why,
            "model value (Black-Scholes, 4 places), spot 11.12 USD/share, strike 13.49 USD/share, volatility 66.46%, \
             rate 1.59%, term 10 years"
        );
        let explained =
            proforma::explain::explain(replay, &check::fact_name("S.contra_revenue[c.w.M] in 2021-Q2").unwrap());
        let tree = format!("{:?}", explained.unwrap().tree);
        assert!(tree.contains("model value: Black-Scholes, 4 places") && tree.contains("volatility 66.46%"), "{tree}");
    });
}

/// Inputs may be assumptions, which scenarios set: at 30 % the right of Clean Energy Fuels is worth 3.9355 (by erfc):
/// 20m × 3.9355 × 25/100 = 19,677,500.
#[test]
fn scenarios_change_inputs() {
    let clauses = "fair value black_scholes(spot 11.12 USD/share, volatility sigma, rate 1.59%, term 10 years)
    tranche M 20m shares { vests when bought >= 100 gallon }";
    let rest = "assume sigma = 66.46%
scenario calm \"less volatile\" from base { set sigma = 30% }
scenario broken \"no volatility\" from base { set sigma = -30% }
2021-05-03 deliver c.fuel 25 gallon";
    let checked = checked_text(&contract(clauses, rest));
    let cost =
        |scenarios: &[&str]| with_run(&checked, scenarios, |replay| fact(replay, "S.contra_revenue[c.w.M] in 2021-Q2"));
    assert_eq!(cost(&[]), Some(number("39010000")));
    assert_eq!(cost(&["calm"]), Some(number("19677500")));
    // A scenario that leaves no model value stops the run with a code.
    let inputs = crate::common::inputs(&checked, &["broken"]);
    let replay = proforma::run::Replay::new(&checked.terms, &inputs, None).unwrap();
    assert!(format!("{:?}", replay.fault).contains("Unmeasured"), "{:?}", replay.fault);
}

/// A named value, a term between days, a close, a target, a simulation.
#[test]
fn forms_of_models() {
    let clauses = "tranche A 5m shares { vests when bought >= 10 gallon; fair value named }
    tranche B 5m shares { vests when bought >= 20 gallon
      fair value black_scholes(spot close(S.common), volatility 66.46%, rate 1.59%, year act_365, places 6) }
    tranche C 5m shares { vests when bought >= 30 gallon
      fair value first_touch(spot 11.12 USD/share, hurdle 30 USD/share, volatility 66.46%, rate 1.59%, watched continuously) }
    tranche D 5m shares { vests when bought >= 40 gallon
      fair value simulated(spot 11.12 USD/share, hurdle 30 USD/share, average 20 trading days, volatility 66.46%, rate 1.59%,
        term 1 years, index_volatility 20%, correlation 50%, margin 10%, paths 2_000, seed 7) }";
    let rest = format!(
        "assume named = {} \"for the test\"\n2021-04-16 price close(S.common) 11.12 USD/share",
        MODEL.replace("rate", "strike 13.49 USD/share, rate")
    );
    let checked = checked_text(&contract(clauses, &rest));
    with_run(&checked, &[], |replay| {
        let shown = report::build("fair-value", replay, &Scope::default()).unwrap();
        let first = &shown.tables[0];
        let value = |at: usize| match &first.rows[at] {
            Row::Cells { cells, .. } => match &cells[2] {
                Cell::Figure(figure) => figure.amount.known().unwrap(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        assert_eq!(value(0), number("7.802"));
        // 3,652 days / 365 = 10.00548 years: 7.803682 by erfc.
        assert_eq!(value(1), number("7.803682"));
        // 3,652 days / 365.25 = 9.99863 years: 7.759051 by integrating the reflected density.
        assert_eq!(value(2), number("7.7591"));
        assert!(value(3).is_positive());
        assert_eq!(shown.tables.len(), 5);
        assert!(shown.tables[4].title.contains("2,000 paths, seed 7"), "{}", shown.tables[4].title);
    });
}

/// Bumped inputs against the same formula outside the program: 6.863839, 8.752645, 6.912250, 8.555918, 7.635526, 7.964473,
/// 7.485465 and 8.085432.
#[test]
fn sensitivity() {
    let clauses = format!("fair value {MODEL}\n    tranche M 20m shares {{ vests when bought >= 100 gallon }}");
    let checked = checked_text(&contract(&clauses, ""));
    with_run(&checked, &[], |replay| {
        let shown = report::build("fair-value", replay, &Scope::default()).unwrap();
        let rows: Vec<String> = shown.tables[1]
            .rows
            .iter()
            .map(|row| match row {
                Row::Cells { cells, .. } => cells
                    .iter()
                    .map(|cell| match cell {
                        Cell::Text(text) => text.clone(),
                        Cell::Figure(f) | Cell::Percent(f) => f.amount.known().unwrap().to_string(),
                        _ => String::new(),
                    })
                    .collect::<Vec<_>>()
                    .join("|"),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            rows,
            [
                "spot||11.12 USD/share|7.802",
                "|-10%|10.008 USD/share|6.8638|-0.9382|-0.120251",
                "|+10%|12.232 USD/share|8.7526|0.9506|0.121841",
                "strike||13.49 USD/share|7.802",
                "volatility||66.46%|7.802",
                "|-10 points|56.46%|6.9122|-0.8898|-0.114048",
                "|+10 points|76.46%|8.5559|0.7539|0.096629",
                "rate||1.59%|7.802",
                "|-1 point|0.59%|7.6355|-0.1665|-0.021341",
                "|+1 point|2.59%|7.9645|0.1625|0.020828",
                "term||10 years|7.802",
                "|-1 year|9 years|7.4855|-0.3165|-0.040567",
                "|+1 year|11 years|8.0854|0.2834|0.036324",
            ]
        );
    });
}

/// Each wrong model names its place.
#[test]
fn wrong_models() {
    let value = |inputs: &str| {
        contract(&format!("tranche M 20m shares {{ vests when bought >= 100 gallon; fair value {inputs} }}"), "")
    };
    for (inputs, code, words) in [
        ("black_scholes(spot 0 USD/share, volatility 60%, rate 1%)", "E0213", "`spot` must be above zero"),
        (
            "black_scholes(spot 11 USD/share, volatility -60%, rate 1%)",
            "E0213",
            "`volatility` must be above zero, at most 1,000%",
        ),
        (
            "black_scholes(spot 11 USD/share, volatility 60%, rate 1%, term 11 years)",
            "E0213",
            "the term goes beyond the expiry of the warrant",
        ),
        (
            "black_scholes(spot 11 USD/share, volatility 60%, rate 1%, until 2031-04-17)",
            "E0213",
            "the term goes beyond the expiry of the warrant",
        ),
        (
            "black_scholes(spot 11 USD/share, volatility 60%, rate 1%, on 2031-04-16)",
            "E0213",
            "nothing is left to measure: the term begins on 2031-04-16",
        ),
        (
            "black_scholes(spot close(S.common), volatility 60%, rate 1%)",
            "E0230",
            "there is no `close(S.common)` on 2021-04-16",
        ),
        ("black_scholes(spot 11 USD/share, rate 1%)", "E0209", "the model needs `volatility`"),
        ("black_scholes(spot 11 USD/share, volatility 60%, rate 1%, rate 2%)", "E0210", "`rate` is given twice"),
        (
            "black_scholes(spot 11 USD/share, volatility 60%, rate 1%, hurdle 20 USD/share)",
            "E0204",
            "there is no input of this model `hurdle`",
        ),
        ("black_scholes(spot 11 USD, volatility 60%, rate 1%)", "E0207", "`USD/share` is needed here, not `USD`"),
        (
            "black_scholes(spot 11 USD/share, volatility 60 USD, rate 1%)",
            "E0207",
            "a plain number is needed here, not `USD`",
        ),
        (
            "black_scholes(spot 11 USD/share, volatility 60%, rate 1%, compounded daily)",
            "E0208",
            "`daily` is not a way of compounding",
        ),
        (
            "black_scholes(spot 11 USD/share, volatility 60%, rate 1%, term 2 years, until 2023-04-16)",
            "E0210",
            "`term` and `until` both say when it ends",
        ),
        ("first_touch(spot 11 USD/share, volatility 60%, rate 1%)", "E0209", "the model needs `hurdle`"),
        (
            "simulated(spot 11 USD/share, volatility 60%, rate 1%, index_volatility 20%)",
            "E0209",
            "the model needs `correlation`",
        ),
        (
            "simulated(spot 11 USD/share, volatility 60%, rate 1%, strike_ratio 90%)",
            "E0209",
            "the model needs `strike_after`",
        ),
        (
            "simulated(spot 11 USD/share, volatility 60%, rate 1%, strike_ratio 90%, strike_after 12 years)",
            "E0213",
            "the strike must be set before the end of the term",
        ),
        (
            "simulated(spot 11 USD/share, volatility 60%, rate 1%, paths 1.5)",
            "E0213",
            "a whole number from 100 to 10_000_000 is needed",
        ),
        (
            "simulated(spot 11 USD/share, volatility 60%, rate 1%, paths 10m)",
            "E0213",
            "all simulations together have more than 4_000_000_000 trading days of paths",
        ),
        (
            "2 * black_scholes(spot 11 USD/share, volatility 60%, rate 1%)",
            "E0208",
            "a model value stands in `fair value` or behind `assume NAME =`",
        ),
    ] {
        let files = Memory([("t.pf".to_owned(), value(inputs))].into());
        let checked = check::check(&files, &["t.pf".to_owned()]);
        let errors: Vec<String> = checked
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Error)
            .map(|d| format!("{} {}", d.code, d.message))
            .collect();
        assert_eq!(errors, [format!("{code} {words}")], "{inputs}");
        let place = checked.diagnostics.iter().find(|d| d.severity == Severity::Error).unwrap().primary.0;
        let text = value(inputs);
        assert!(text.get(place.start as usize..place.end as usize).is_some_and(|at| !at.is_empty()), "{inputs}");
    }
}

/// Watching a price less often makes it reach a target less often.
#[test]
fn how_a_target_is_watched() {
    let at = |watched| {
        let settings = Settings { watched, ..Settings::of(Method::FirstTouch) };
        let inputs = [
            (Input::Spot, number("200")),
            (Input::Strike, number("0")),
            (Input::Hurdle, number("600")),
            (Input::Volatility, number("0.5")),
            (Input::Rate, number("0.04")),
            (Input::Term, number("5")),
        ];
        settings.value(&inputs).unwrap().value
    };
    assert_eq!(at(Watched::Continuously), number("117.0526"));
    assert_eq!(at(Watched::Daily), number("115.3926"));
    assert_eq!(at(Watched::AtEnd), number("80.6668"));
}

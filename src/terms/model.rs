//! Fair values worked out by a model from terms and assumptions.

use super::{Assumptions, Formula, Value};
use crate::num::{Fault, Number};
use crate::pricing::{Input, Method, Priced, Settings, Unfit, Watched};

/// A model with its inputs. Its value enters the books as one rounded number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Which, and how.
    pub settings: Settings,
    /// Its inputs, in the order of [`Input::ALL`].
    pub inputs: Vec<(Input, Formula)>,
}

impl Model {
    /// The numbers it works with; missing if one of them is.
    ///
    /// # Errors
    /// Arithmetic of an input.
    pub fn numbers(&self, assumptions: &impl Assumptions) -> Result<Result<Vec<(Input, Number)>, Value>, Fault> {
        let mut numbers = Vec::new();
        for (input, formula) in &self.inputs {
            match formula.value(assumptions)? {
                Value::Known(number) => numbers.push((*input, number)),
                missing @ Value::Missing(_) => return Ok(Err(missing)),
            }
        }
        Ok(Ok(numbers))
    }

    /// What the model says; missing if an input is.
    ///
    /// # Errors
    /// Arithmetic of an input, or [`Fault::Unmeasured`].
    pub fn priced(&self, assumptions: &impl Assumptions) -> Result<Result<Priced, Value>, Fault> {
        Ok(match self.numbers(assumptions)? {
            Ok(numbers) => Ok(self.settings.value(&numbers).map_err(|Unfit { .. }| Fault::Unmeasured)?),
            Err(missing) => Err(missing),
        })
    }

    /// Its value; nothing is simulated for those who only check.
    ///
    /// # Errors
    /// As [`Model::priced`].
    pub fn value(&self, assumptions: &impl Assumptions) -> Result<Value, Fault> {
        if self.settings.method == Method::Simulated && !assumptions.simulates() {
            return Ok(Value::missing("a simulated value"));
        }
        Ok(self.priced(assumptions)?.map_or_else(|missing| missing, |priced| Value::Known(priced.value)))
    }

    /// An input.
    #[must_use]
    pub fn input(&self, wanted: Input) -> Option<&Formula> {
        self.inputs.iter().find(|(input, _)| *input == wanted).map(|(_, formula)| formula)
    }

    /// Which model, in words.
    #[must_use]
    pub fn name(&self) -> String {
        let Settings { method, annual, watched, window, strike_window, paths, seed, places } = self.settings;
        let days = |window: u32| if window > 1 { format!("average of {window} closes") } else { "close".to_owned() };
        let when = match watched {
            Watched::Continuously => "watched continuously",
            Watched::Daily => "watched daily",
            Watched::AtEnd => "watched on the last day",
        };
        let mut words = match method {
            Method::BlackScholes => "Black-Scholes".to_owned(),
            Method::FirstTouch => format!("first touch, {when}"),
            Method::Simulated => {
                let mut words = format!("simulated, {} paths, seed {seed}", Number::from_int(paths.into()).grouped());
                if self.input(Input::Hurdle).is_some() {
                    words.push_str(&format!(", {}", days(window)));
                }
                if self.input(Input::Hurdle).or_else(|| self.input(Input::IndexVolatility)).is_some() {
                    words.push_str(&format!(" {when}").replace("  ", " "));
                }
                if self.input(Input::StrikeRatio).is_some() {
                    words.push_str(&format!(", strike set by the {}", days(strike_window)));
                }
                words
            }
        };
        if annual {
            words.push_str(", annual rate");
        }
        words.push_str(&format!(", {places} places"));
        words
    }

    /// The model and its inputs, in words.
    ///
    /// # Errors
    /// Arithmetic of an input.
    pub fn words(&self, assumptions: &impl Assumptions) -> Result<String, Fault> {
        let mut parts = vec![format!("model value ({})", self.name())];
        for (input, formula) in &self.inputs {
            parts.push(format!("{} {}", input.word(), shown(*input, formula, &formula.value(assumptions)?)));
        }
        Ok(parts.join(", "))
    }
}

/// A number with its unit; shares of one in per cent.
#[must_use]
pub fn shown(input: Input, formula: &Formula, value: &Value) -> String {
    let Value::Known(number) = value else { return "undisclosed".to_owned() };
    let percent = number.times(Number::from_int(100));
    match (input, percent) {
        (Input::Term | Input::StrikeAfter, _) => format!("{} years", number.grouped()),
        (_, Ok(percent)) if formula.unit.is_none() => format!("{}%", percent.grouped()),
        _ => format!("{} {}", number.grouped(), formula.unit).trim_end().to_owned(),
    }
}

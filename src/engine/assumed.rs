//! Values of assumptions, worked out once before the first day.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::num::Fault;
use crate::pricing::Priced;
use crate::terms::{AssumptionId, Assumptions, Formula, FormulaKind, Model, Value};

/// By number; none where there is no such assumption.
pub(super) type Values = Vec<Option<Result<Value, Fault>>>;

/// Works out every assumption of a run, with what models say besides their values.
pub(super) fn values(formulas: &[Option<Formula>], simulates: bool) -> (Values, BTreeMap<AssumptionId, Priced>) {
    let work = Work { formulas, simulates, known: RefCell::default(), measured: RefCell::default() };
    let ids = (0u32..).map(AssumptionId).zip(formulas);
    let values = ids.map(|(id, formula)| formula.as_ref().map(|_| work.assumption(id))).collect();
    (values, work.measured.into_inner())
}

/// What an assumption is worth that has no value.
pub(super) fn missing(id: AssumptionId) -> Value {
    Value::missing(format!("assumption {}", id.0))
}

struct Work<'f> {
    formulas: &'f [Option<Formula>],
    simulates: bool,
    /// Of one that is being worked out, none.
    known: RefCell<BTreeMap<AssumptionId, Option<Result<Value, Fault>>>>,
    measured: RefCell<BTreeMap<AssumptionId, Priced>>,
}

impl Work<'_> {
    /// The value of a model; what else it says is kept.
    fn measure(&self, id: AssumptionId, model: &Model) -> Result<Value, Fault> {
        if !self.simulates {
            return model.value(self);
        }
        Ok(match model.priced(self)? {
            Ok(priced) => {
                self.measured.borrow_mut().insert(id, priced);
                Value::Known(priced.value)
            }
            Err(missing) => missing,
        })
    }
}

impl Assumptions for Work<'_> {
    fn simulates(&self) -> bool {
        self.simulates
    }

    fn assumption(&self, id: AssumptionId) -> Result<Value, Fault> {
        let known = self.known.borrow().get(&id).cloned();
        match (known, self.formulas.get(id.index())) {
            (Some(Some(value)), _) => value,
            // Stacked scenarios may define assumptions by each other: such a circle has no value.
            (Some(None), _) | (None, None | Some(None)) => Ok(missing(id)),
            (None, Some(Some(formula))) => {
                self.known.borrow_mut().insert(id, None);
                let value = match &formula.kind {
                    FormulaKind::Model(model) => self.measure(id, model),
                    _ => formula.value(self),
                };
                self.known.borrow_mut().insert(id, Some(value.clone()));
                value
            }
        }
    }
}

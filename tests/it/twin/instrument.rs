//! What the twin knows of instruments.

/// The twin knows warrants only.
pub trait OfWarrant {
    fn warrant(&self) -> proforma::terms::WarrantId;
}

impl OfWarrant for proforma::terms::Instrument {
    fn warrant(&self) -> proforma::terms::WarrantId {
        match self {
            Self::Warrant(id) => *id,
            Self::Investment(_) => panic!("an investment"),
        }
    }
}

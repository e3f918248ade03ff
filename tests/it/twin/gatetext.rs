//! Random conditions, as text.

use proforma::time::Date;

use super::dice::Dice;

/// What conditions may name.
pub struct Gates<'a> {
    pub signed: Date,
    /// Counters and their units.
    pub counters: &'a [(String, String)],
    pub scale: i64,
    /// The number of this tranche.
    pub own: i64,
    /// How many there are.
    pub of: i64,
    /// Before their numbers: `T`.
    pub prefix: &'static str,
    /// What may be waited for of another.
    pub reached: &'static [&'static str],
}

impl Gates<'_> {
    pub fn any(&self, dice: &mut Dice) -> String {
        match dice.below(6) {
            0 | 1 => self.one(dice),
            2 | 3 => format!("{} and {}", self.one(dice), self.one(dice)),
            4 => format!("({} or {}) and {}", self.one(dice), self.one(dice), self.one(dice)),
            _ => {
                let since = self.since(dice);
                format!("({} and {}) latched since {since}", self.bare(dice), self.bare(dice))
            }
        }
    }

    fn since(&self, dice: &mut Dice) -> String {
        if dice.one_in(2) { "signed".into() } else { self.signed.plus_days(dice.below(150)).to_string() }
    }

    /// A price or quantity test without its mark.
    fn bare(&self, dice: &mut Dice) -> String {
        if dice.one_in(2) { self.price(dice) } else { self.quantity(dice) }
    }

    fn price(&self, dice: &mut Dice) -> String {
        let sign = dice.pick(&[">=", ">=", ">", "<", "<="]);
        let threshold = if dice.one_in(12) { "undisclosed".to_owned() } else { (15 + dice.below(35)).to_string() };
        match dice.below(2) {
            0 => format!("close(Maker.common) {sign} {threshold} USD/share"),
            _ => {
                let days = 2 + dice.below(8);
                format!("average(close(Maker.common), {days} trading days) {sign} {threshold} USD/share")
            }
        }
    }

    fn quantity(&self, dice: &mut Dice) -> String {
        let (n, unit) = dice.pick(self.counters);
        let sign = dice.pick(&[">=", ">=", ">=", ">"]);
        let threshold =
            if dice.one_in(15) { "undisclosed".to_owned() } else { (dice.below(50) * self.scale).to_string() };
        format!("{n} {sign} {threshold} {unit}")
    }

    fn one(&self, dice: &mut Dice) -> String {
        match dice.below(9) {
            0..=2 => self.quantity(dice),
            3 => format!("{} latched since {}", self.price(dice), self.since(dice)),
            4 => format!("{} concurrent", self.price(dice)),
            5 => format!("on or after {}", self.signed.plus_days(dice.below(250))),
            6 => format!("attested {}", dice.pick(&["ready", "open"])),
            7 if self.of > 1 => {
                // Any other, also a later one: circles wait, or clear each other.
                let other = 1 + (self.own + dice.below(self.of - 1)) % self.of;
                format!("{}{other} {}", self.prefix, dice.pick(self.reached))
            }
            _ => "at signing".to_owned(),
        }
    }
}

//! The naive twin of `tests/it/twin` and the stories it is told.

#[path = "../../tests/it/twin/belief.rs"]
mod belief;
#[path = "../../tests/it/twin/books.rs"]
mod books;
#[path = "../../tests/it/twin/calls.rs"]
mod calls;
#[path = "../../tests/it/twin/compare.rs"]
pub mod compare;
#[path = "../../tests/it/twin/count.rs"]
mod count;
#[path = "../../tests/it/twin/dealtext.rs"]
mod dealtext;
#[path = "../../tests/it/twin/dice.rs"]
pub mod dice;
#[path = "../../tests/it/twin/flows.rs"]
mod flows;
#[path = "../../tests/it/twin/flowtext.rs"]
mod flowtext;
#[path = "../../tests/it/twin/gates.rs"]
mod gates;
#[path = "../../tests/it/twin/gatetext.rs"]
mod gatetext;
#[path = "../../tests/it/twin/lines.rs"]
mod lines;
#[path = "../../tests/it/twin/money.rs"]
mod money;
#[path = "../../tests/it/twin/series.rs"]
mod series;
#[path = "../../tests/it/twin/story.rs"]
pub mod story;
#[path = "../../tests/it/twin/sure.rs"]
mod sure;
#[path = "../../tests/it/twin/world.rs"]
mod world;

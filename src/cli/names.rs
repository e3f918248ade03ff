//! Names on the command line, forgiving about capitals and hyphens.

use super::exit::Stop;
use crate::base::suggest;

/// The known name that is meant; `what` is the kind of thing, for the message.
pub(super) fn known<'a>(
    what: &str,
    wanted: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<&'a str, Stop> {
    if let Some(name) = names.clone().find(|name| *name == wanted) {
        return Ok(name);
    }
    let plain = |name: &str| name.to_lowercase().replace('-', "_");
    if let Some(name) = names.clone().find(|name| plain(name) == plain(wanted)) {
        return Ok(name);
    }
    let list: Vec<&str> = names.clone().collect();
    let hint = match (suggest::nearest(wanted, names), list.as_slice()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("the files declare no {what}"),
        (None, list) => format!("there are: {}", list.join(", ")),
    };
    Err(Stop::new(format!("no {what} is named `{wanted}`; {hint}")))
}

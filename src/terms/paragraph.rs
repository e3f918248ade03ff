//! Paragraphs that reports cite: which one it is, the book says.

use super::Cite;

macro_rules! paragraphs {
    ($($name:ident = $word:literal $doc:literal;)*) => {
        /// What a line of a report rests on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Paragraph {
            $(#[doc = $doc] $name,)*
        }

        impl Paragraph {
            /// As written.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $word),)*];
        }
    };
}

paragraphs! {
    EpsControl = "eps_control_number" "Which income is tested.";
    EpsPreferred = "eps_preferred" "What goes before common shares.";
    EpsRemeasured = "eps_remeasured" "Remeasurement of what counts as shares leaves income.";
    EpsParticipating = "eps_participating" "What takes part in dividends has its part of income.";
    EpsLosses = "eps_losses" "Who has a part of a loss.";
    EpsDistribution = "eps_participating_diluted" "The part of what takes part, over diluted shares.";
    EpsBasic = "eps_basic" "Income over shares outstanding.";
    EpsDiluted = "eps_diluted" "With what may become shares.";
    EpsNet = "eps_net_income" "Discontinued operations and net income, over the same shares.";
    EpsTest = "eps_antidilution" "The order of the test, and what it leaves out.";
    EpsTreasury = "eps_treasury_stock" "Proceeds buy back shares at the average price.";
    EpsUnrecognised = "eps_unrecognised_cost" "Cost still to come is among the proceeds.";
    EpsTime = "eps_time_alone" "Nothing but time is missing.";
    EpsLittle = "eps_little_consideration" "Shares for little or nothing are outstanding once nothing is missing.";
    EpsContingent = "eps_contingent_met" "Conditions that are met count from the start of the period.";
    EpsNotIssuable = "eps_contingent_open" "Conditions that are not met at its end count nothing.";
    EpsQuarters = "eps_mean_of_quarters" "A year to date is the mean of its quarters.";
    EpsJoined = "eps_contingent_to_date" "Contingent shares in a year to date.";
    EpsConverted = "eps_if_converted" "Convertibles count as if converted.";
    EpsPrincipal = "eps_principal_in_cash" "Principal paid in cash: only the excess is shares.";
    EpsRestated = "eps_restated" "Earnings per share before and after a restatement.";
}

/// `paragraph eps_basic cite "ASC 260-10-45-10"`
#[derive(Clone, Debug)]
pub struct Cited {
    /// Of what.
    pub of: Paragraph,
    /// Which.
    pub cite: Cite,
}

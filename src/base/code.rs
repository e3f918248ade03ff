//! Every code a diagnostic can carry: the list from which docs/ERRORS.md is generated.

use super::Severity;

macro_rules! codes {
    ($($name:ident = $number:literal $stage:ident $severity:ident $title:literal: $advice:literal;)*) => {
        /// A stable code. The number never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// All codes, in order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code as printed, such as `E0101`.
            #[must_use]
            pub const fn number(self) -> &'static str {
                match self { $(Code::$name => $number,)* }
            }

            /// The stage that finds it; the folder of its wrong program in `tests/errors/`.
            #[must_use]
            pub const fn stage(self) -> &'static str {
                match self { $(Code::$name => stringify!($stage),)* }
            }

            /// What is wrong, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// What to do about it.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Code::$name => $advice,)* }
            }

            /// Error or warning.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    NotUtf8 = "E0101" syntax Error "the file is not UTF-8": "save it as UTF-8; the position of the first bad byte is given";
    UnknownCharacter = "E0102" syntax Error "a character that means nothing here": "remove it or put it in quotes";
    UnclosedString = "E0103" syntax Error "a text in quotes that does not end on its line": "close the quote";
    BadNumber = "E0104" syntax Error "a number that cannot be read": "digits, `_` between them, one `.`, then k, m, bn or tn; at most 28 digits; no exponent";
    CommaInNumber = "E0105" syntax Error "a comma inside a number": "group digits with `_`";
    BadDate = "E0106" syntax Error "a date that is not in the calendar": "write an existing day as YYYY-MM-DD";
    MonthDayDate = "E0107" syntax Error "a date that is not in ISO order": "write YYYY-MM-DD; month/day order is the classic import error";
    UnmatchedBracket = "E0108" syntax Error "a bracket without its partner": "close or remove it";
    TooDeep = "E0109" syntax Error "brackets nested too deeply": "at most 64 levels";
    MixedAndOr = "E0110" syntax Error "`and` and `or` in one condition without parentheses": "add parentheses to say which binds first";
    ExpectedToken = "E0111" syntax Error "something else was expected here": "see the label for what fits";
    UnknownClause = "E0112" syntax Error "a clause that does not exist here": "see docs/LANGUAGE.md for the clauses of this block";
    FileTooLarge = "E0113" syntax Error "a file over the size limit": "split it; the limit is 64 MiB";
    LeftoverText = "E0114" syntax Error "text after the end of a clause": "start a new line or write `;`";

    FileNotFound = "E0201" check Error "a file that cannot be read": "check the path; it is relative to the file that uses it";
    UseCycle = "E0202" check Error "files that use each other in a circle": "remove one `use`";
    NothingMatches = "E0203" check Error "a `use` pattern that matches no file": "check the pattern";
    UnknownName = "E0204" check Error "a name that is not declared": "declare it or correct the spelling";
    DeclaredTwice = "E0205" check Error "a name declared twice": "rename or remove one of them";
    UnknownUnit = "E0206" check Error "a unit that is not declared": "declare it with `unit NAME` or correct the spelling";
    UnitMismatch = "E0207" check Error "unlike units together": "both places are shown; convert one of them";
    WrongKind = "E0208" check Error "a name of the wrong kind": "see the label for what is needed";
    MissingClause = "E0209" check Error "a clause that must be there is missing": "add it, or write `undisclosed`";
    ClauseTwice = "E0210" check Error "a clause given twice": "keep one";
    SizesDoNotSum = "E0211" check Error "tranche sizes do not add up to the instrument": "correct a size or the total";
    AssumptionCycle = "E0212" check Error "assumptions defined by each other": "give one of them a value";
    BadValue = "E0213" check Error "a value outside what makes sense here": "see the label";
    UnknownParty = "E0214" check Error "a role or party the contract does not have": "name it in `between`";
    ExpansionTooLarge = "E0215" check Error "a `for` that generates too much": "at most 100,000 clauses";
    UndatedContract = "E0216" check Error "`since signed` in a contract without `signed`": "add `signed DATE`";
    PaymentTerms = "E0217" check Error "payment terms that do not cover the price": "percentages must leave a `rest`, or add up to 100%";
    TooMuchText = "E0218" check Error "more files, or more text in all of them, than a program may have": "at most 10,000 files and 512 MiB; divide the program, or leave out what it does not need";

    NoClose = "E0230" check Error "a model value reads a close that is not there": "add the close of that day, or write the price: `spot 11.12 USD/share`";

    AskLatched = "E0301" check Error "is a price once reached enough for ever?": "write `latched since DATE` if a price once reached counts for ever, `concurrent` if it must hold on the day the rest is met";
    AskPrice = "E0302" check Error "which price, over which window?": "write `close(CLASS)` or `average(close(CLASS), N trading days)`";
    AskWhosePurchases = "E0303" check Error "whose purchases count?": "add `by PARTY, …` naming parties or groups such as `affiliates`, or `by anyone`";
    AskSince = "E0304" check Error "counted since when?": "add `since signed` or `since DATE`";
    AskExpiry = "E0305" check Error "when does it expire?": "add `expires DATE` or `expires never`";
    AskExercise = "E0306" check Error "how may it be exercised?": "add `exercise cash`, `exercise net`, `exercise cash or net` or `exercise undisclosed`";
    AskSplit = "E0307" check Error "what does a share split do to it?": "add `adjusts for splits` or `no adjustment for splits`";
    AskRounding = "E0308" check Error "shares that do not divide evenly need an allocation": "name one: cumulative, cumulative_down, front, back, front_to_one, back_to_one or fractional";
    AskCalendar = "E0309" check Error "trading days of which exchange?": "give the class a `calendar`";
    AskControl = "E0310" check Error "when does control pass?": "add `control passes at delivery`, `acceptance`, `order` or `invoice`";
    AskBand = "W0311" check Warning "what does the customer buy for this tranche?": "add `earned over A to B of COUNTER`; without it the cost is spread over the firm commitment";
    Unsourced = "W0312" check Warning "a value without a source or an assumption": "add `@ source` or `assumed name`";
    AskIssuePrice = "E0313" check Error "at which price are new shares bought?": "add `price` with a price per share, a valuation, `close(CLASS)`, `valuation(PARTY)` or `undisclosed`";
    AskValuation = "E0314" check Error "a valuation before or after the money, over which shares?": "write `pre_money` or `post_money`, then `, issued shares` or `, fully diluted shares`";
    AskDayCount = "E0330" check Error "how are the days of interest counted?": "add a day count: `act_360`, `act_365`, `thirty_360` or `act_act`";
    AskEffectiveRate = "E0331" check Error "does the effective rate of a floating loan follow the benchmark?": "add `effective rate at inception` or `effective rate as it changes`";
    AskEnd = "E0319" check Error "when does a repeated payment end?": "add `to DATE`, the last day on which it can be paid";
    AskStrikeRounding = "E0341" check Error "to which step is an adjusted strike rounded?": "add `rounds strike to 0.0001 USD/share`";
    AskIssuedAt = "E0342" check Error "at which price were shares issued?": "add `at PRICE` to the line, or `as GROUP` with a group that the warrant excepts";
    BelowPar = "W0343" check Warning "a price below the par value of the shares": "correct the price or the par value";
    AskTransfer = "E0344" check Error "may rights be given to another?": "add `transferable freely`, `transferable to GROUP` or `not transferable` to the warrant";
    AskShares = "W0351" check Warning "a class that takes part in dividends, and nothing says how many shares it has": "add the class to the `open` line of its party, or an `issue` line; until then earnings per share are open";
    AttestedForNobody = "W0362" check Warning "a word attested that nothing waits for": "correct the word, or write `attested WORD` in the condition";
    OutOfReach = "W0363" check Warning "a threshold above all that can be bought": "lower it, or add the quantity, as an option if it is one";
    PaidBeyond = "W0364" check Warning "a payment above all that can be billed": "correct the amount, or write a `flow` for what else is paid";
    SteepRate = "W0361" check Warning "a rate of 100 % a year or more": "7 % is written `7%`; `7` is 700 %";
    AskRecipient = "W0345" check Warning "an award to another than the buyer whose purchases earn it": "add `consideration for SUPPLY to affiliate`, or `to onward_buyer`; without, the holder's book leaves the award out";

    UnknownVerb = "E0401" check Error "a ledger line with an unknown verb": "see docs/LANGUAGE.md for the verbs";
    UnknownFact = "E0402" check Error "a line that names another line that does not exist": "check the id";
    FactTwice = "E0403" check Error "two ledger lines with one id": "rename one, or write `corrects ID`";
    ContradictingPrices = "E0404" check Error "two prices for one day": "keep one, or write `corrects`";
    BadPriceFile = "E0405" check Error "a price file that cannot be read": "two columns, `date,close`, ISO dates, one row a day";
    KnownBeforeEffective = "W0406" check Warning "an actual fact known before it happened": "write `forecast`, or correct one of the dates";
    RealisesActual = "E0407" check Error "a line realises something that was not a forecast": "use `corrects` for actual lines";
    LineChain = "E0408" check Error "lines that correct each other in a circle": "remove one of the references";
    NotALedgerDate = "E0409" check Error "a line without a full date": "begin it with its day; `~YYYY-MM` is allowed for forecasts";
    NegativeQuantity = "E0410" check Error "a quantity below zero or of nothing": "write a positive quantity; use `corrects` or `withdraws` to take back";

    RealisedTwice = "E0411" check Error "a forecast that comes true twice": "write `in part` on both lines, or drop one reference";
    PriceGap = "W0412" check Warning "prices that skip trading days": "add the closes, or write `linear between`; a window with a gap is undetermined";

    OverlappingPeriods = "E0418" check Error "amounts of periods that overlap": "an amount is of one period; shorten one of them";
    NoRate = "E0419" check Error "a currency without a rate on the day": "add `prices rate(EUR in USD) from …` or a `price` line on or before that day";

    UnknownAccount = "E0501" check Error "a book rule posts to an account it does not declare": "declare it with `account NAME TYPE`";
    UnknownMethod = "E0502" check Error "a measurement method that does not exist": "see docs/BOOKS.md for the list";
    UnknownEvent = "E0503" check Error "a book rule on an event that does not exist": "see docs/BOOKS.md for the list";
    UnknownField = "E0504" check Error "an event has no such field": "see docs/BOOKS.md for the fields of each event";
    DoesNotBalance = "E0505" check Error "the legs of a rule do not cancel": "use `rest` for one leg, or correct the amounts";
    TwoRests = "E0506" check Error "more than one `rest` in a rule": "keep one";
    UnknownPolicy = "E0507" check Error "a policy or a choice that is not declared": "declare it with `policy NAME = A | B`";
    Uncited = "W0508" check Warning "a book rule without a citation": "add `cite \"paragraph\"`";
    AgainstItself = "E0531" check Error "a rule that keeps an account against itself": "name the account on the other side";
    MemoMixed = "E0532" check Error "a memo account and one of the statements in one rule": "keep memo accounts against memo accounts, in rules of their own";
    IssuedPeriod = "E0524" check Error "a line that changes an issued period, and nothing says how": "name it in a `restate` line if it was an error; say `known DATE` if it was known before; write a new line if an estimate changed";
    NoRule = "W0522" check Warning "a book without a rule for what its party does": "add a rule for the role, or give the party another book; nothing of it is posted";
    NoGrantValue = "W0523" check Warning "an award without a value that a book measures": "add `fair value`, or a `value` line; or write `fair value undisclosed`";
    PolicyEnded = "W0521" check Warning "a choice of a policy that a standard ended before anything happens": "leave the choice out; the standard required another by then";
    ModifiedAgainstJudgement = "W0526" check Warning "a modification whose type the judgement before it contradicts": "write the other type, or a `judge` line before the modification";

    UnknownScenario = "E0601" check Error "a scenario that is not declared": "check the name; hyphens and underscores are alike";
    ScenarioTarget = "E0602" check Error "a scenario changes something that is not there": "name a ledger line by its id, or an assumption";
    PathOutsideForecast = "E0603" check Error "a price path among the facts": "price paths stand in scenarios, or are marked `forecast` or `assumed`";

    JournalLine = "E0701" journal Error "a line of a journal that cannot be read": "correct it; docs/LANGUAGE.md lists what is read of beancount, hledger and ledger journals";
    JournalIgnored = "W0702" journal Warning "a part of a journal that is not read and changes no balance": "nothing needs to be done; remove it to be rid of this warning";
    JournalUnread = "E0703" journal Error "a part of a journal that is not read and could change a balance": "write what it comes to, or let its own program print the journal without it";
    JournalUnbalanced = "E0704" journal Error "a transaction of a journal that does not balance": "correct an amount; its own program refuses it as well";
    JournalAssertion = "E0705" journal Error "a balance that a journal states and does not have": "correct the balance or the postings before it";
    JournalAccount = "E0706" journal Error "an account of a journal that is not open, or not for this commodity": "add or correct its `open`";
    JournalNumber = "E0707" journal Error "an amount of a journal that cannot be read": "write a plain number of at most 28 digits and a commodity";
    JournalMark = "W0708" journal Warning "a mark that could be a decimal comma or part thousands": "declare it with `decimal-mark`";
    JournalLot = "E0709" journal Error "a sale of a journal that does not say which lot": "name the lot by its cost, date or label, or open the account with \"FIFO\"";
    AskAccounts = "E0710" journal Error "which accounts of a journal are what?": "write `use \"FILE\" for PARTY on DATE { cash from \"ACCOUNT\" }`";
    OtherCommodity = "E0711" journal Error "accounts that do not hold the commodity": "name the one they hold with `in \"COMMODITY\"`";
    TakenTwice = "E0712" journal Error "an account that is taken twice": "keep it in one clause";
    NotTaken = "W0713" journal Warning "accounts of a journal that nothing takes": "take them, or write `nothing from \"ACCOUNT\"`";

    UnknownMeasure = "E0801" test Error "a measure that no party of a test has": "list the facts with `proforma facts`; docs/LANGUAGE.md has the measures";
    UnknownKept = "E0802" test Error "a fact that a test keeps and the run does not have": "check its name with `proforma explain`";
    SnapshotLine = "E0803" test Error "a line of an accepted result that cannot be read": "take the file from the last commit, or delete it and accept again";
    MergeMarker = "E0804" test Error "a merge in an accepted result that was not finished": "take one side of each line, or delete the file and accept again";
    BadTolerance = "E0805" test Error "a tolerance that does not fit what it is for": "write it in the unit of the measure, or as a part such as `0.1%`; counts, shares and dates have none";
    KeepsNothing = "W0806" test Warning "a test keeps what the run does not have": "remove it, or correct its measure, contract, entity or period";
    TestOutside = "W0807" check Warning "a test outside a `.test` file, which is not run": "move it to a file such as `tests/close.test`";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.number())
    }
}

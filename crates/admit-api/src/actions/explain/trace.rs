//! What was judged, step by step, up to the first that refused.

use admit_domain::{claims::Fault, rules::Rules, verdict::Denial};

use crate::error::ApiError;

/// One rule, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub rule: &'static str,
    pub passed: bool,
    pub says: String,
}

/// The whole story.
#[derive(Clone, Debug)]
pub struct Explained {
    pub steps: Vec<Step>,
    /// What refused, where something did.
    pub fault: Option<Fault>,
    /// All rules that were laid together, in one sentence.
    pub words: Option<String>,
}

/// Why a story ends before its end.
pub(super) enum Stop {
    Refused(Fault),
    /// It cannot be told at all.
    Failed(ApiError),
}

impl<T: Into<ApiError>> From<T> for Stop {
    fn from(error: T) -> Self {
        Self::Failed(error.into())
    }
}

#[derive(Default)]
pub(super) struct Trace {
    steps: Vec<Step>,
    words: Option<String>,
}

/// A rule that a denial stands for, and what is said of it where it is met.
pub(super) struct Rung<'a> {
    pub(super) rule: &'static str,
    pub(super) met: String,
    /// What would have been right, by the denials that say it is not met.
    pub(super) wanted: &'a [(Denial, &'static str)],
}

impl Trace {
    pub(super) fn pass(&mut self, rule: &'static str, says: impl Into<String>) {
        self.steps.push(Step { rule, passed: true, says: says.into() });
    }

    /// Notes the verdict on a rule. `says` is what was found, whichever way it went.
    pub(super) fn judge(
        &mut self,
        rule: &'static str,
        says: impl Into<String>,
        verdict: Result<(), Fault>,
    ) -> Result<(), Stop> {
        let Err(fault) = verdict else {
            self.pass(rule, says);
            return Ok(());
        };
        let mut says: String = says.into();
        let wanted = if fault.wanted.is_empty() { String::new() } else { format!("; wanted {}", fault.wanted) };
        if says.is_empty() {
            says = fault.denial.to_string();
        }
        self.steps.push(Step { rule, passed: false, says: says + &wanted });
        Err(Stop::Refused(fault))
    }

    /// Notes all rules that one verdict is about, in their order: a denial was spoken by the first that was not met.
    pub(super) fn climb<T>(&mut self, rungs: &[Rung<'_>], verdict: Result<T, Denial>) -> Result<T, Stop> {
        let denial = verdict.as_ref().err().copied();
        for rung in rungs {
            if let Some((denial, wanted)) = rung.wanted.iter().find(|(spoken, _)| Some(*spoken) == denial) {
                let fault = Fault::new(*denial, rung.rule, *wanted);
                self.judge(rung.rule, denial.to_string(), Err(fault))?;
            }
            self.pass(rung.rule, rung.met.clone());
        }
        // What no rung speaks of, such as a store that cannot be asked.
        verdict.map_err(|denial| Stop::Refused(denial.into()))
    }

    /// The rules that hold, as far as they are known by now.
    pub(super) fn say(&mut self, rules: &Rules) {
        self.words = Some(rules.in_words());
    }

    pub(super) fn allowed(self) -> Explained {
        Explained { steps: self.steps, fault: None, words: self.words }
    }

    pub(super) fn refused(self, fault: Fault) -> Explained {
        Explained { steps: self.steps, fault: Some(fault), words: self.words }
    }
}

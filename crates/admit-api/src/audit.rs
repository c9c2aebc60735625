//! One line of the audit trail, in the transaction of what it is about.

use admit_db::{Result, Tx, audit};

use crate::caller::Caller;

pub(crate) async fn note(tx: &mut Tx, caller: &Caller, action: &str, subject: impl ToString) -> Result<()> {
    let event = audit::Event {
        happened_at: caller.now,
        actor: caller.actor.to_string(),
        action: action.to_owned(),
        subject: subject.to_string(),
        detail: String::new(),
    };
    audit::insert(tx, &caller.project, &event).await
}

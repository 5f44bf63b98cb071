//! Script: a Rhai program with boxes and a memory, the behaviour of the component Expression.
//!
//! Scheduler thread only. The same limits as for every [`super::Expression`]; what it sends is collected while it runs and
//! handed over afterwards.

use std::sync::{Arc, Mutex, PoisonError};

use compose_runtime::dev::*;
use rhai::{Dynamic, EvalAltResult};

use super::{Expression, from_dynamic};

/// What a script has sent: outbox and message, in order.
pub(super) type Sent = Vec<(String, Message)>;

/// Most messages that one run may send.
const MOST_SENT: usize = 100_000;

/// One program of a script; several share a memory by handing it on.
pub(super) struct Script {
    expression: Expression,
    sent: Arc<Mutex<Sent>>,
}

impl Script {
    /// Compiles `source`, the value of the setting `param`, for a component with these outboxes.
    pub(super) fn new(param: &str, source: &str, outboxes: &[String]) -> Result<Self, ParamError> {
        let sent = Arc::new(Mutex::new(Sent::new()));
        let (collected, names) = (sent.clone(), outboxes.to_vec());
        let send = move |outbox: &str, value: Dynamic| -> Result<(), Box<EvalAltResult>> {
            if !names.iter().any(|name| name == outbox) {
                return Err(format!("there is no outbox {outbox}; known are: {}", names.join(", ")).into());
            }
            let message = from_dynamic(value).map_err(|fault| fault.to_string())?;
            let mut sent = collected.lock().unwrap_or_else(PoisonError::into_inner);
            if sent.len() >= MOST_SENT {
                return Err(format!("one run may send {MOST_SENT} messages").into());
            }
            sent.push((outbox.to_owned(), message));
            Ok(())
        };
        let expression = Expression::with(param, source, &["inbox", "state"], |engine| {
            engine.register_fn("send", send);
        })?;
        Ok(Self { expression, sent })
    }

    /// Runs it for one message. A result that is something goes to the first outbox, after what was sent by name.
    pub(super) fn run(
        &mut self,
        inbox: &str,
        message: &Message,
        state: &mut Dynamic,
        first_outbox: &str,
    ) -> Result<Sent, Fault> {
        let memory = std::mem::replace(state, Dynamic::UNIT);
        let result = self.expression.run_with(message, &[("inbox", inbox.to_owned().into())], memory, state);
        let mut sent = std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(result) = result? {
            sent.push((first_outbox.to_owned(), result));
        }
        Ok(sent)
    }
}

//! Script: a Rhai program with boxes and a state, which implements the component Expression.
//!
//! Scheduler thread only. It has the same limits as any [`super::Expression`]. The messages it sends are collected
//! during the run and returned afterwards.

use std::sync::{Arc, Mutex, PoisonError};

use compose_runtime::dev::*;
use rhai::{Dynamic, EvalAltResult};

use super::{Expression, from_dynamic};

/// The messages that a script has sent, each with its outbox, in order.
pub(super) type Sent = Vec<(String, Message)>;

/// Maximum number of messages that one run may send.
const MOST_SENT: usize = 100_000;

/// One program of an Expression component. Its programs share a state that the caller passes to each run.
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
                return Err(format!("there is no outbox {outbox}; use one of: {}", names.join(", ")).into());
            }
            let message = from_dynamic(value).map_err(|fault| fault.to_string())?;
            let mut sent = collected.lock().unwrap_or_else(PoisonError::into_inner);
            if sent.len() >= MOST_SENT {
                return Err(format!("one run may send at most {MOST_SENT} messages").into());
            }
            sent.push((outbox.to_owned(), message));
            Ok(())
        };
        let expression = Expression::with(param, source, &["inbox", "state"], |engine| {
            engine.register_fn("send", send);
        })?;
        Ok(Self { expression: expression.named(param.to_owned()), sent })
    }

    /// Sets the seed of the function `random`.
    pub(super) fn seed(&self, seed: u64) {
        self.expression.seed(seed);
    }

    /// Runs the script for one message. A result other than `()` goes to the first outbox, after the messages sent by
    /// name.
    pub(super) fn run(
        &mut self,
        inbox: &str,
        message: &Message,
        state: &mut Dynamic,
        first_outbox: &str,
    ) -> Result<Sent, Fault> {
        let old_state = std::mem::replace(state, Dynamic::UNIT);
        let result = self.expression.run_with(message, &[("inbox", inbox.to_owned().into())], old_state, state);
        let mut sent = std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(result) = result? {
            sent.push((first_outbox.to_owned(), result));
        }
        Ok(sent)
    }
}

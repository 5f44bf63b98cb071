//! Shared by Throwaway and Duplicate: the share of messages that is affected.

use compose_runtime::dev::*;

pub(super) const PERCENT: ParamSpec =
    ParamSpec::float("percent", 0.0, 100.0, 10.0, "Share of the messages that are affected").unit("%").live();

/// The output for a thousand numbers.
#[cfg(test)]
pub(super) fn through(spec: &'static ComponentSpec, params: &[(&str, Message)]) -> Vec<Message> {
    let numbers: Vec<Message> = (0..1000).map(Message::Int).collect();
    compose_runtime::testing::through(spec, params, &numbers).take("outbox")
}

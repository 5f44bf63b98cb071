//! Router: sends each message to the outboxes that its rules select.

use compose_runtime::dev::*;

use super::send_all;
use crate::refuse::box_names;
use crate::text::Expression;

/// Description of Router.
pub static ROUTER: ComponentSpec = ComponentSpec {
    type_name: "Router",
    category: Category::Flow,
    summary: "Sends each message to every outbox whose rule accepts it",
    docs: "`routing` is a list of pairs. Each pair has a rule, which is an expression over `msg` that evaluates to \
           true or false, and the name of an outbox. Several rules may name the same outbox, which still receives each \
           message only once. Messages that no rule accepts go to `other`. An error during the evaluation of a rule \
           crashes the component; the error message gives its position.\n\n\
           Example: `routing` = `[[\"msg > 0\", \"positive\"], [\"msg < 0\", \"negative\"]]`.\n\n\
           Differs from the original: messages that no rule accepts are not lost.",
    inboxes: &[BoxSpec::new("inbox", "Messages to sort")],
    outboxes: &[BoxSpec::new("other", "Messages that no rule accepts")],
    params: &[ParamSpec::list("routing", "Pairs of a rule over msg and an outbox name")],
    extra_outboxes: Some(targets),
    build: build::<Router>,
    ..ComponentSpec::EMPTY
};

struct Router {
    routes: Vec<(Expression, String)>,
}

/// The outbox names in the pairs, without duplicates.
fn targets(params: &Params) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for route in params.list("routing") {
        if let Message::List(pair) = &route
            && let Some(name) = pair.get(1).and_then(Message::as_text)
            && name != "other"
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

impl Component for Router {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let mut routes = Vec::new();
        for (index, route) in params.list("routing").iter().enumerate() {
            let (Message::List(pair), number) = (route, index + 1) else {
                return Err(ParamError::Other(format!(
                    "routing: {} is not a pair of a rule and an outbox name",
                    route.label(40)
                )));
            };
            let (Some(rule), Some(name), 2) =
                (pair.first().and_then(Message::as_text), pair.get(1).and_then(Message::as_text), pair.len())
            else {
                return Err(ParamError::Other(format!(
                    "routing: {} is not a pair of a rule and an outbox name",
                    route.label(40)
                )));
            };
            box_names("routing", &[name.into()], &["signal"])?;
            routes.push((Expression::new(&format!("routing, rule {number}"), rule)?, name.to_owned()));
        }
        Ok(Self { routes })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        for (number, (rule, _)) in (0..).zip(&self.routes) {
            rule.seed(io.seed().wrapping_add(number));
        }
        while let Some(message) = io.recv("inbox").await {
            let mut targets: Vec<&str> = Vec::new();
            for (rule, name) in &mut self.routes {
                if accepts(rule, &message)? && !targets.contains(&name.as_str()) {
                    targets.push(name);
                }
            }
            if targets.is_empty() {
                targets.push("other");
            }
            send_all(&io, targets, &message).await;
        }
        Ok(())
    }
}

/// Evaluates `rule` for `message`. No result counts as false.
pub(super) fn accepts(rule: &mut Expression, message: &Message) -> Result<bool, Fault> {
    match rule.run(message)? {
        Some(Message::Bool(answer)) => Ok(answer),
        None => Ok(false),
        Some(other) => Err(Fault::new(format!(
            "a rule must evaluate to true or false; for the message {}, it evaluated to {}",
            message.label(40),
            other.label(40)
        ))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    fn pair(rule: &str, name: &str) -> Message {
        Message::list([rule.into(), name.into()])
    }

    #[test]
    fn every_accepting_outbox_receives_the_message_once() {
        let routing = Message::list([pair("msg > 0", "up"), pair("msg > 5", "up"), pair("msg > 5", "high")]);
        let mut rig = Rig::new(&ROUTER, &[("routing", routing)]);
        for number in [-1, 3, 9] {
            rig.put("inbox", number);
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("up"), ["3", "9"]);
        assert_eq!(rig.texts("high"), ["9"]);
        assert_eq!(rig.texts("other"), ["-1"]);
    }

    #[test]
    fn invalid_routes_are_rejected() {
        for route in [Message::from("up"), Message::list(["msg".into()]), pair("msg", "signal"), pair("msg +", "a")] {
            let routing = Message::list([route.clone()]);
            let params = Params::check(ROUTER.params, [("routing", &routing)]).unwrap();
            assert!((ROUTER.build)(&params).is_err(), "{route}");
        }
    }
}

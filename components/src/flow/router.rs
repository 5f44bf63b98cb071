//! Router: sends each message where a rule says.

use compose_runtime::dev::*;

use super::send_all;
use crate::refuse::box_names;
use crate::text::Expression;

/// Description of Router.
pub static ROUTER: ComponentSpec = ComponentSpec {
    type_name: "Router",
    category: Category::Flow,
    summary: "Sends each message to every outbox whose rule accepts it",
    docs: "`routing` is a list of pairs: a rule, which is an expression over `msg` that gives true or false, and the name \
           of an outbox. Several rules may have the same outbox; it gets a message once. What no rule accepts goes to \
           `other`. A mistake in a rule while it runs ends the component with its place.\n\n\
           Example: `routing` = `[[\"msg > 0\", \"positive\"], [\"msg < 0\", \"negative\"]]`.\n\n\
           Differs from the original: what no rule accepts is not lost.",
    inboxes: &[BoxSpec::new("inbox", "Messages to sort")],
    outboxes: &[BoxSpec::new("other", "What no rule accepts")],
    params: &[ParamSpec::list("routing", "Pairs of a rule over msg and the name of an outbox")],
    extra_outboxes: Some(targets),
    build: build::<Router>,
    ..ComponentSpec::EMPTY
};

struct Router {
    routes: Vec<(Expression, String)>,
}

/// The names in the pairs, each once.
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
        for (place, route) in params.list("routing").iter().enumerate() {
            let (Message::List(pair), number) = (route, place + 1) else {
                return Err(ParamError::Other(format!("routing: {} is no pair of rule and outbox", route.label(40))));
            };
            let (Some(rule), Some(name), 2) =
                (pair.first().and_then(Message::as_text), pair.get(1).and_then(Message::as_text), pair.len())
            else {
                return Err(ParamError::Other(format!("routing: {} is no pair of rule and outbox", route.label(40))));
            };
            box_names("routing", &[name.into()], &["signal"])?;
            routes.push((Expression::new(&format!("routing, rule {number}"), rule)?, name.to_owned()));
        }
        Ok(Self { routes })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let mut targets: Vec<&str> = Vec::new();
            for (rule, name) in &mut self.routes {
                if says_yes(rule, &message)? && !targets.contains(&name.as_str()) {
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

pub(super) fn says_yes(rule: &mut Expression, message: &Message) -> Result<bool, Fault> {
    match rule.run(message)? {
        Some(Message::Bool(answer)) => Ok(answer),
        None => Ok(false),
        Some(other) => Err(Fault::new(format!(
            "a rule must give true or false, not {}, which it gave for {}",
            other.label(40),
            message.label(40)
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
    fn every_accepting_outbox_gets_the_message_once() {
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
    fn routes_that_are_no_pairs_are_refused() {
        for route in [Message::from("up"), Message::list(["msg".into()]), pair("msg", "signal"), pair("msg +", "a")] {
            let routing = Message::list([route.clone()]);
            let params = Params::check(ROUTER.params, [("routing", &routing)]).unwrap();
            assert!((ROUTER.build)(&params).is_err(), "{route}");
        }
    }
}

//! Expression (the component): runs a small script with user-defined boxes.

use compose_runtime::dev::*;
use rhai::Dynamic;

use super::script::Script;
use super::statements::Statements;
use crate::refuse::box_names;

/// Description of Expression.
pub static EXPRESSION: ComponentSpec = ComponentSpec {
    type_name: "Expression",
    category: Category::Text,
    summary: "Runs your own small script, with your own boxes",
    docs: "`script` is written in the language Rhai and runs once for each message. In it, `msg` is the message, \
           `inbox` is the name of the inbox it came from, and `state` is a map that keeps its contents between \
           messages. `send(\"name\", value)` sends to an outbox by name. The value of the last expression goes to the \
           first outbox; `()` sends nothing, and a statement that ends in `;` has this value. `random()` is a number from 0 up \
           to but not including 1, and `random(1, 6)` a whole number from 1 to 6; both depend on the seed of the run. \
           `at_start` runs once before the first message and `at_end` once after the \
           input has ended; in both, `msg` is `()`. On a runtime error, the component crashes and the error gives the \
           location. Each run may take up to 50 000 steps and one second, and create \
           as much as in PureTransformer. Scripts cannot use files, the clock or the \
           console.\n\n\
           `inboxes` and `outboxes` name the boxes; empty lists mean `inbox` and `outbox`. Project parameters in \
           a script are replaced as in PureTransformer.\n\n\
           Example: `inboxes` = `[\"hours\", \"hires\"]`, `outboxes` = `[\"accounts\", \"security\"]` and\n\n\
           ```\nif inbox == \"hours\" { send(\"accounts\", msg); }\nelse { state.n = (state.n ?? 0) + 1; \
           send(\"security\", `${state.n}: ${msg}`); }\n```\n\n\
           New: it replaces the Python functions and small classes that the original accepts.",
    params: &[
        ParamSpec::new(
            "script",
            ParamKind::Expression,
            DefaultValue::Text("msg"),
            "Script to run for each msg from inbox; state is kept between runs",
        ),
        ParamSpec::list("inboxes", "Names of the inboxes; empty for just inbox"),
        ParamSpec::list("outboxes", "Names of the outboxes; empty for just outbox"),
        ParamSpec::expression("at_start", "", "Script to run before the first message"),
        ParamSpec::expression("at_end", "", "Script to run after the input has ended"),
    ],
    extra_inboxes: Some(inboxes),
    extra_outboxes: Some(outboxes),
    sends_first: SendsFirst::When(sends_at_start),
    build: build::<ExpressionComponent>,
    ..ComponentSpec::EMPTY
};

struct ExpressionComponent {
    inboxes: Vec<String>,
    first: String,
    script: Script,
    at_start: Option<Script>,
    at_end: Option<Script>,
}

/// Whether `at_start` may send a message.
fn sends_at_start(params: &Params) -> bool {
    let script = params.text("at_start");
    script.contains("send") || !Statements::has_no_value(&script)
}

fn inboxes(params: &Params) -> Vec<String> {
    names(params, "inboxes", "inbox")
}

fn outboxes(params: &Params) -> Vec<String> {
    names(params, "outboxes", "outbox")
}

fn names(params: &Params, param: &str, default: &str) -> Vec<String> {
    let names: Vec<String> = params.list(param).iter().filter_map(|name| name.as_text()).map(str::to_owned).collect();
    if names.is_empty() { vec![default.to_owned()] } else { names }
}

impl Component for ExpressionComponent {
    fn new(params: &Params) -> Result<Self, ParamError> {
        box_names("inboxes", &params.list("inboxes"), &["control"])?;
        box_names("outboxes", &params.list("outboxes"), &["signal"])?;
        let outboxes = outboxes(params);
        let optional = |param: &str| {
            let source = params.text(param);
            let is_empty = source.trim().is_empty();
            if is_empty { Ok(None) } else { Script::new(param, &source, &outboxes).map(Some) }
        };
        Ok(Self {
            inboxes: inboxes(params),
            first: outboxes.first().cloned().unwrap_or_default(),
            script: Script::new("script", &params.text("script"), &outboxes)?,
            at_start: optional("at_start")?,
            at_end: optional("at_end")?,
        })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        let mut state = Dynamic::from_map(rhai::Map::new());
        let names: Vec<&str> = self.inboxes.iter().map(String::as_str).collect();
        let programs = [self.at_start.as_ref(), Some(&self.script), self.at_end.as_ref()];
        for (number, program) in (0..).zip(programs.into_iter().flatten()) {
            program.seed(io.seed().wrapping_add(number));
        }
        if let Some(script) = &mut self.at_start {
            step(&io, script, "", &Message::Nothing, &mut state, &self.first).await?;
        }
        while let Some((inbox, message)) = io.recv_any(&names).await {
            step(&io, &mut self.script, inbox, &message, &mut state, &self.first).await?;
        }
        match &mut self.at_end {
            Some(script) if !io.is_shutting_down() => {
                step(&io, script, "", &Message::Nothing, &mut state, &self.first).await
            }
            _ => Ok(()),
        }
    }
}

/// Runs a script once and sends its messages.
async fn step(
    io: &BoxIo,
    script: &mut Script,
    inbox: &str,
    message: &Message,
    state: &mut Dynamic,
    first: &str,
) -> Outcome {
    for (outbox, message) in script.run(inbox, message, state, first)? {
        io.send(&outbox, message).await;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check};

    use super::*;

    fn texts(names: &[&str]) -> Message {
        Message::list(names.iter().map(Message::text))
    }

    #[test]
    fn an_office_desk_has_its_own_trays() {
        let script = "if inbox == \"timesheets\" { send(\"accounts\", msg); }\n\
                      else { send(\"security\", `${inbox} ${msg}`); send(\"HR\", msg); }";
        let mut rig = Rig::new(
            &EXPRESSION,
            &[
                ("script", script.into()),
                ("inboxes", texts(&["timesheets", "newhires"])),
                ("outboxes", texts(&["accounts", "security", "HR"])),
            ],
        );
        rig.put("timesheets", "7 h");
        rig.put("newhires", "Ada");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("accounts"), ["7 h"]);
        assert_eq!(rig.texts("security"), ["newhires Ada"]);
        assert_eq!(rig.texts("HR"), ["Ada"]);
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn state_is_kept_between_messages() {
        let params = [
            ("at_start", "state.words = []; \"go\"".into()),
            ("script", "state.words.push(msg); if state.words.len() == 2 { \"two\" }".into()),
            ("at_end", "state.words".into()),
        ];
        check(&EXPRESSION, &params, &["a", "b", "c"], &["go", "two", "[\"a\", \"b\", \"c\"]"]);
    }

    #[test]
    fn a_statement_that_ends_in_a_semicolon_sends_nothing() {
        let params = [
            ("at_start", "state.seen = [];".into()),
            ("script", "state.seen.push(msg); if state.seen.len() > 1 { state.seen.remove(0); }".into()),
        ];
        check(&EXPRESSION, &params, &["a", "b", "c"], &[]);
    }

    #[test]
    fn it_sends_first_only_if_its_start_sends() {
        for (script, sends) in [("", false), ("state.n = 0;", false), ("\"B\"", true), ("send(\"outbox\", 1);", true)] {
            let script = Message::from(script);
            let params = Params::check(EXPRESSION.params, [("at_start", &script)]).unwrap();
            assert_eq!(sends_at_start(&params), sends, "{script:?}");
        }
    }

    #[test]
    fn random_numbers_depend_on_the_component_only() {
        let draw = || {
            let mut rig = Rig::new(&EXPRESSION, &[("script", "[random(), random(1, 6)]".into())]);
            rig.put("inbox", 1);
            rig.put("inbox", 1);
            rig.run();
            rig.texts("outbox")
        };
        let drawn = draw();
        assert!(drawn.len() == 2 && drawn[0] != drawn[1], "{drawn:?}");
        assert_eq!(draw(), drawn);
    }

    #[test]
    fn the_error_for_an_unknown_outbox_lists_the_known_ones() {
        let mut rig = Rig::new(&EXPRESSION, &[("script", "send(\"out\", 1)".into())]);
        rig.put("inbox", 1);
        rig.run();
        let state = format!("{:?}", rig.state());
        assert!(state.contains("there is no outbox out; use one of: outbox"), "{state}");
    }

    #[test]
    fn a_state_that_nests_without_limit_crashes_it() {
        let mut rig = Rig::new(&EXPRESSION, &[("script", "state.x = [state.x ?? 0]; ()".into())]);
        for _ in 0..300 {
            rig.put("inbox", 1);
        }
        rig.run();
        assert!(matches!(rig.state(), State::Crashed(_)));
    }

    #[test]
    fn an_error_names_the_script() {
        for (param, error) in [("script", "in script at column 3"), ("at_end", "in at_end at column 3")] {
            let mut rig = Rig::new(&EXPRESSION, &[(param, "1 / 0".into())]);
            rig.put("inbox", 1);
            rig.finish();
            rig.run();
            let state = format!("{:?}", rig.state());
            assert!(state.contains(error), "{state}");
        }
    }

    #[test]
    fn a_large_state_is_kept() {
        let script = "state.last = state.next; state.next = msg; if state.last != () { state.last }";
        let mut rig = Rig::new(&EXPRESSION, &[("script", script.into())]);
        rig.put("inbox", Message::from(vec![7; 5 << 20]));
        rig.put("inbox", 1);
        rig.run();
        assert_eq!(rig.take("outbox").first().map(Message::payload_len), Some(5 << 20));
    }

    #[test]
    fn an_invalid_box_name_is_refused() {
        let list = texts(&["a", "control"]);
        let params = Params::check(EXPRESSION.params, [("inboxes", &list)]).unwrap();
        assert!((EXPRESSION.build)(&params).is_err());
    }
}

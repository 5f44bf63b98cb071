//! Value: a named value that other components read and change.

use compose_runtime::dev::*;

/// Description of Value.
pub static VALUE: ComponentSpec = ComponentSpec {
    type_name: "Value",
    category: Category::Flow,
    summary: "Keeps a named value that other components read and change",
    docs: "UpdateValue and GetValue find it by its name, wherever they stand; it must have started before they use it. A \
           message in `inbox` is a new value; any message in `ask` makes it emit the value as it is then. What was seen \
           last stands on it. The value is forgotten when the component ends; a second one of the same name is a crash in \
           words.\n\n\
           Example: a Value `connections` with the `initial` value 0, an UpdateValue in the protocol of a server that \
           adds 1, and a clock into `ask` that shows how many there were.\n\n\
           New as a component: the original has it as calls to its co-ordinating assistant tracker.",
    inboxes: &[BoxSpec::new("inbox", "A new value"), BoxSpec::new("ask", "Any message: emit the value")],
    outboxes: &[BoxSpec::new("outbox", "The value, once for each question")],
    params: &[
        ParamSpec::text("name", "", "What the others call it").required(),
        ParamSpec::new("initial", ParamKind::Any, DefaultValue::Int(0), "What it is at first"),
    ],
    has_surface: true,
    build: build::<Value>,
    ..ComponentSpec::EMPTY
};

struct Value {
    name: String,
    initial: Message,
}

impl Component for Value {
    fn new(params: &Params) -> Result<Self, ParamError> {
        match params.text("name").trim() {
            "" => Err(ParamError::Other("name: give the value a name, for example connections".to_owned())),
            name => Ok(Self { name: name.to_owned(), initial: params.get("initial") }),
        }
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.track_value(&self.name, self.initial)?;
        let show = |value: &Message| {
            io.show(Surface::Text { lines: vec![format!("{} = {}", self.name, value.label(200))] });
        };
        show(&io.tracked_value(&self.name)?);
        while let Some((inbox, message)) = io.recv_any(&["inbox", "ask"]).await {
            if inbox == "inbox" {
                show(&message);
                io.update_value(&self.name, message)?;
            } else {
                let value = io.tracked_value(&self.name)?;
                show(&value);
                io.send("outbox", value).await;
            }
        }
        if let Ok(value) = io.tracked_value(&self.name) {
            show(&value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn it_keeps_what_it_was_told_last() {
        let mut rig = Rig::new(&VALUE, &[("name", "n".into()), ("initial", 5.into())]);
        rig.put("ask", true);
        rig.run();
        rig.put("inbox", "new");
        rig.run();
        rig.put("ask", true);
        rig.finish();
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::Int(5), "new".into()]);
        assert_eq!(rig.state(), State::Finished);
        assert_eq!(rig.surface(), Some(Surface::Text { lines: vec!["n = \"new\"".to_owned()] }));
    }
}

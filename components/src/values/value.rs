//! Value: a named value that other components read and change.

use compose_runtime::dev::*;

/// Description of Value.
pub static VALUE: ComponentSpec = ComponentSpec {
    type_name: "Value",
    category: Category::Flow,
    summary: "Keeps a named value that other components read and change",
    docs: "UpdateValue and GetValue find the value by its name, wherever they are. This component must start before \
           they use it. A message in `inbox` sets the value; any message in `ask` makes the component send the \
           current value. The component shows the value it set or sent last. The value is deleted when the component \
           ends. If another Value has the same name, the component crashes and names the value.\n\n\
           Example: a Value `connections` with the `initial` value 0, an UpdateValue in the protocol of a server \
           that adds 1, and a clock into `ask` that shows the count.\n\n\
           New as a component: in the original it is a call to the co-ordinating assistant tracker.",
    inboxes: &[BoxSpec::new("inbox", "A new value"), BoxSpec::new("ask", "Any message; each asks for the value once")],
    outboxes: &[BoxSpec::new("outbox", "The value, once for each message in `ask`")],
    params: &[
        ParamSpec::text("name", "", "Name by which other components find the value").required(),
        ParamSpec::new("initial", ParamKind::Any, DefaultValue::Int(0), "Value at the start"),
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
            "" => Err(ParamError::Other("name is empty; give the value a name, for example connections".to_owned())),
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
    fn it_keeps_the_last_value() {
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

//! Expression: a small Rhai program over `msg`, compiled once and run once per message.
//!
//! Scheduler thread only. A program is sandboxed: it cannot use files, the clock or the console, and cannot load code.
//! Invariant: compiling and running any source text ends soon and takes bounded memory. The limits below and
//! `allowance` guarantee this.

use std::sync::Arc;

use compose_runtime::dev::*;
use compose_runtime::message::MAX_DEPTH as MAX_NESTING;
use rhai::packages::{
    BasicArrayPackage, BasicBlobPackage, BasicMapPackage, BasicMathPackage, BitFieldPackage, CorePackage, LogicPackage,
    MoreStringPackage, Package as _,
};
use rhai::{AST, Dynamic, Engine, EvalAltResult, Position, Scope};

use super::allowance::{Size, too_large};
use super::expression_values::is_deep;
use super::meter::Meter;
use super::random::RandomFunction;
use super::statements::Statements;
use super::{from_dynamic, to_dynamic};

/// Stack size for programs that can nest lists level by level, at about 1 KiB per step. Unused stack takes no memory.
const DEEP_STACK: usize = 128 << 20;
/// Messages that nest deeper than this are handled on the large stack.
const SHALLOW: usize = 16;
/// Maximum nesting depth of brackets and operators.
const MAX_DEPTH: usize = 64;
/// Maximum number of functions that an expression may define.
const MAX_FUNCTIONS: usize = 32;
/// Maximum depth of function calls.
const MAX_CALLS: usize = 24;

/// A compiled expression and the engine that runs it.
pub struct Expression {
    engine: Engine,
    program: AST,
    scope: Scope<'static>,
    /// The name of the expression in errors.
    name: String,
    one_line: bool,
    statements: Statements,
    random: Arc<RandomFunction>,
    meter: Arc<Meter>,
    /// Whether the program has no loops and no functions, so values nest no deeper than the source and the message.
    is_plain: bool,
}

impl Expression {
    /// Compiles `source`, the value of the setting `param`.
    pub fn new(param: &str, source: &str) -> Result<Self, ParamError> {
        Self::with(param, source, &[], |_| ())
    }

    /// Sets the name of the expression in errors, for a component with several expressions.
    #[must_use]
    pub(super) fn named(mut self, name: String) -> Self {
        self.name = name;
        self
    }

    /// Like [`Self::new`], for a program with variables in addition to `msg`; `extend` adds functions.
    pub(super) fn with(
        param: &str,
        source: &str,
        variables: &[&'static str],
        extend: impl FnOnce(&mut Engine),
    ) -> Result<Self, ParamError> {
        let mut engine = engine();
        let random = Arc::new(RandomFunction::default());
        random.register(&mut engine);
        extend(&mut engine);
        let mut scope = Scope::new();
        scope.push_dynamic("msg", Dynamic::UNIT);
        for variable in variables {
            scope.push_dynamic(*variable, Dynamic::UNIT);
        }
        let one_line = !source.trim_end().contains('\n');
        let statements = Statements::of(source);
        let program = engine.compile_with_scope(&scope, &statements.text).map_err(|error| {
            ParamError::Other(format!(
                "{param}: {} in the expression{}",
                lower(&error.0.to_string()),
                location(error.1, one_line, &statements)
            ))
        })?;
        engine.set_allow_looping(false).set_max_functions(0);
        let is_plain = engine.compile_with_scope(&scope, &statements.text).is_ok();
        engine.set_allow_looping(true).set_max_functions(MAX_FUNCTIONS);
        // A separate counter, because the engine's own counter restarts in functions that the library calls.
        let meter = Arc::new(Meter::default());
        let run = meter.clone();
        engine.on_progress(move |_| run.step().map(Dynamic::from));
        let name = "the expression".to_owned();
        Ok(Self { engine, program, scope, name, one_line, statements, random, meter, is_plain })
    }

    /// Sets the seed of the function `random`. Call it with [`BoxIo::seed`] before the first run.
    pub fn seed(&self, seed: u64) {
        self.random.seed(seed);
    }

    /// Evaluates the expression for `message`; `None` if the result is `()`.
    pub fn run(&mut self, message: &Message) -> Result<Option<Message>, Fault> {
        if self.is_plain && message.depth() <= SHALLOW {
            return self.run_here(message);
        }
        stacker::maybe_grow(DEEP_STACK, DEEP_STACK, || self.run_here(message))
    }

    /// No value that the expression created outlives the call, because dropping deeply nested values needs stack too.
    fn run_here(&mut self, message: &Message) -> Result<Option<Message>, Fault> {
        self.meter.start();
        let value = to_dynamic(message);
        Size::allowance(Size::of(&value), Size::default()).limit(&mut self.engine);
        self.scope.push_dynamic("msg", value);
        let result = self.engine.eval_ast_with_scope::<Dynamic>(&mut self.scope, &self.program);
        self.scope.rewind(0);
        match result {
            Ok(value) if value.is_unit() => Ok(None),
            Ok(value) => from_dynamic(value).map(Some),
            Err(error) => Err(self.fault(*error)),
        }
    }

    /// Like [`Self::run`], for a program with additional variables. One of them is `state`; its final value goes to
    /// `left`.
    pub(super) fn run_with(
        &mut self,
        message: &Message,
        variables: &[(&'static str, Dynamic)],
        state: Dynamic,
        left: &mut Dynamic,
    ) -> Result<Option<Message>, Fault> {
        for (variable, value) in variables {
            self.scope.push_dynamic(*variable, value.clone());
        }
        let kept = Size::of(&state);
        self.scope.push_dynamic("state", state);
        let mut run = |this: &mut Self| {
            this.meter.start();
            let value = to_dynamic(message);
            Size::allowance(Size::of(&value), kept).limit(&mut this.engine);
            this.scope.push_dynamic("msg", value);
            let result = this.engine.eval_ast_with_scope::<Dynamic>(&mut this.scope, &this.program);
            let kept = this.scope.remove::<Dynamic>("state").unwrap_or(Dynamic::UNIT);
            this.scope.rewind(0);
            // Dropping a deeply nested value needs stack, so it must not leave this function.
            if is_deep(&kept, MAX_NESTING + 1) {
                return Err(Fault::new(format!(
                    "the state nests lists and maps more than {MAX_NESTING} levels deep in {}",
                    this.name
                )));
            }
            *left = kept;
            match result {
                Ok(value) if value.is_unit() => Ok(None),
                Ok(value) => from_dynamic(value).map(Some),
                Err(error) => Err(this.fault(*error)),
            }
        };
        // The state may nest deeply.
        stacker::maybe_grow(DEEP_STACK, DEEP_STACK, || run(self))
    }

    fn fault(&self, mut error: EvalAltResult) -> Fault {
        let position = match error.unwrap_inner().position() {
            position if position.is_none() => error.position(),
            position => position,
        };
        let _ = error.take_position();
        let text = match &error {
            EvalAltResult::ErrorTerminated(why, ..) => why.to_string(),
            EvalAltResult::ErrorStackOverflow(..) => "function calls nest too deeply".to_owned(),
            EvalAltResult::ErrorDataTooLarge(what, ..) => too_large(what, &self.engine),
            EvalAltResult::ErrorRuntime(thrown, ..) => thrown.to_string(),
            other => lower(&other.to_string()),
        };
        Fault::new(format!("{text} in {}{}", self.name, location(position, self.one_line, &self.statements)))
    }
}

/// An engine with the pure part of the standard library and a few functions for messages.
fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    CorePackage::new().register_into_engine(&mut engine);
    BitFieldPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicBlobPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    Size::allowance(Size::default(), Size::default()).limit(&mut engine);
    engine
        .set_max_expr_depths(MAX_DEPTH, MAX_DEPTH / 2)
        .set_max_call_levels(MAX_CALLS)
        .set_max_modules(0)
        .set_strict_variables(true)
        .on_print(|_| ())
        .on_debug(|_, _, _| ())
        .disable_symbol("eval");
    // The library's own `sleep` would block every component.
    engine.register_fn("sleep", |_: i64| no_sleep()).register_fn("sleep", |_: f64| no_sleep());
    engine
        .register_fn("upper", |text: &str| text.to_uppercase())
        .register_fn("lower", |text: &str| text.to_lowercase())
        .register_fn("encode", |text: &str| text.as_bytes().to_vec())
        .register_fn("decode", |bytes: rhai::Blob| String::from_utf8_lossy(&bytes).into_owned())
        .register_fn("text", |value: Dynamic| {
            from_dynamic(value).map_or_else(|_| String::new(), |value| value.to_string())
        })
        .register_fn("seconds", |message: Message| match message {
            Message::Time(time) => time.as_secs_f64(),
            Message::Sound(sound) => sound.duration().as_secs_f64(),
            _ => 0.0,
        });
    engine
        .register_type_with_name::<Message>("message")
        .register_get("width", |message: &mut Message| match message {
            Message::Image(image) => i64::from(image.width),
            _ => 0,
        })
        .register_get("height", |message: &mut Message| match message {
            Message::Image(image) => i64::from(image.height),
            _ => 0,
        });
    engine
}

fn no_sleep() -> Result<(), Box<EvalAltResult>> {
    Err("an expression cannot wait: use MessageRateLimit or a clock".into())
}

/// The location of an error as text; empty if it is not known.
fn location(position: Position, one_line: bool, statements: &Statements) -> String {
    let in_source = |line, column| statements.column_in_source(line, column);
    match (position.line(), position.line().zip(position.position()).map(|(line, column)| in_source(line, column))) {
        (Some(_), Some(column)) if one_line => format!(" at column {column}"),
        (Some(line), Some(column)) => format!(" at line {line}, column {column}"),
        (Some(line), None) => format!(" at line {line}"),
        _ => String::new(),
    }
}

/// Changes the first letter to lower case and removes the full stop.
fn lower(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn run(source: &str, message: impl Into<Message>) -> Result<Option<Message>, Fault> {
        Expression::new("function", source)?.run(&message.into())
    }

    #[test]
    fn expressions_work_on_the_message() {
        assert_eq!(run("msg + 1", 2), Ok(Some(3.into())));
        assert_eq!(run("`hello ${msg}!`", "you"), Ok(Some("hello you!".into())));
        assert_eq!(run("upper(msg)", "Straße"), Ok(Some("STRASSE".into())));
        assert_eq!(run("decode(encode(msg))", "é"), Ok(Some("é".into())));
        assert_eq!(run("if msg > 2 { msg }", 1), Ok(None));
        assert_eq!(run("msg + 1;", 1), Ok(None));
        assert_eq!(run("if msg > 0 { msg; }", 1), Ok(None));
        assert_eq!(run("msg.name", Message::map([("name", Message::from("x"))])), Ok(Some("x".into())));
    }

    #[test]
    fn each_run_starts_from_scratch() {
        let mut expression = Expression::new("function", "let n = msg; msg = 0; n").unwrap();
        for number in 1..4 {
            assert_eq!(expression.run(&Message::Int(number)).unwrap(), Some(Message::Int(number)));
        }
    }

    #[test]
    fn an_error_behind_a_silent_statement_keeps_its_location() {
        let error = run("if msg > 0 { msg; } 100 / (msg - 1)", 1).unwrap_err().to_string();
        assert!(error.ends_with("in the expression at column 25"), "{error}");
    }

    #[test]
    fn a_compile_error_includes_its_location() {
        let errors = ["msg +", "mgs + 1", "eval(msg)"].map(|source| run(source, 1).unwrap_err().to_string());
        all_include_location(&errors);
    }

    fn all_include_location(errors: &[String]) {
        for error in errors {
            assert!(error.starts_with("function: ") && error.contains("in the expression at column "), "{error}");
        }
    }

    #[test]
    fn a_runtime_error_includes_its_cause_and_location() {
        assert_eq!(
            run("100 / (msg - 1)", 1).unwrap_err().to_string(),
            "division by zero: 100 / 0 in the expression at column 5"
        );
        let error = run("let a = 1;\nmsg.foo(a)", 1).unwrap_err().to_string();
        assert!(error.ends_with("in the expression at line 2, column 5"), "{error}");
        assert_eq!(run("throw \"too big\"", 1).unwrap_err().to_string(), "too big in the expression at column 1");
    }

    #[test]
    fn a_large_message_passes_unchanged() {
        for message in [
            Message::from(vec![7; 5 << 20]),
            "x".repeat(17 << 20).into(),
            Message::list((0..1_500_000).map(Message::Int)),
            Message::map((0..150_000).map(|key| (key.to_string(), Message::Nothing))),
        ] {
            let copied = Message::list(["copy".into(), message.clone()]);
            let is_passed = run("msg", message.clone()) == Ok(Some(message.clone()));
            assert!(is_passed && run("[\"copy\", msg]", message.clone()) == Ok(Some(copied)), "{}", message.label(40));
        }
    }

    #[test]
    fn the_error_for_a_value_that_became_too_large_states_the_limit_and_a_remedy() {
        let error = run("let all = msg; loop { all += all; }", Message::bytes(b"xyz")).unwrap_err().to_string();
        let expected = "a list or blob would be larger than 1048592 items or bytes, the limit for this message (create less, \
                        or send it in parts), in the expression at column 27";
        assert_eq!(error, expected);
    }

    #[test]
    fn a_message_of_any_depth_passes_unchanged() {
        let deepest = (0..MAX_NESTING).fold(Message::Int(1), |inner, _| Message::list([inner]));
        for source in ["msg", "for n in 0..2 { } msg"] {
            assert_eq!(run(source, deepest.clone()), Ok(Some(deepest.clone())), "{source}");
        }
        let error = run("[msg]", deepest).unwrap_err().to_string();
        assert!(error.contains("more than 256"), "{error}");
    }

    #[test]
    fn a_hostile_expression_ends_soon() {
        let hostile = [
            "loop {}",
            "fn f(x) { f(x) } f(1)",
            "let s = \"x\"; loop { s += s; }",
            "let a = [1]; loop { a += a; }",
            "let a = []; loop { a = [a]; }",
            "let a = #{}; loop { a = #{x: a}; }",
            "sleep(1000000)",
            "sleep(1e9)",
            "\"x\".pad(1000000000, 'x')",
            "let a = blob(1000000000000)",
            "let a = []; a.pad(1000000000000, 1)",
            "import \"x\" as y; 1",
            "let a = []; loop { a = [[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]; }",
            "let a = []; loop { a = #{x: #{x: #{x: #{x: a}}}}; }",
            "let r = []; r.pad(30000, 1); r.reduce(|a, b| [[[[[[[[a]]]]]]]], [])",
            "let a = []; for i in 0..1000 { a = [[[[a]]]]; } throw a",
        ];
        for source in hostile {
            assert!(run(source, 1).is_err(), "{source}");
        }
        let nested = "let a = []; for i in 0..N { a = [a]; } a";
        let deepest = run(&nested.replace('N', "3000"), 1);
        assert!(deepest.is_err(), "deeply nested lists must not leave the expression: {deepest:?}");
        let brackets = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
        assert!(run(&brackets, 1).is_err());
    }
}

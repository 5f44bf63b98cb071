//! Every error has its own type, so that code can distinguish errors and a chain of causes is kept.

use compose_structure::error_types::errors_without_a_type;
use compose_structure::tree::Tree;

use super::TREE;

/// Places where another library determines the type of the error, with the reason.
const FOREIGN: &[(&str, &str)] = &[
    // `egui::DroppedFile::bytes` has this signature.
    ("tests/suite/window_files.rs", "Result<Vec<u8>,String>"),
];

#[test]
fn no_error_is_a_text_a_number_or_nothing() {
    let mut found = errors_without_a_type(&TREE);
    for (file, written) in FOREIGN {
        let before = found.len();
        found.retain(|found| !(found.starts_with(file) && found.ends_with(written)));
        assert_eq!(found.len() + 1, before, "{file}: {written} occurs once");
    }
    assert_eq!(found, Vec::<String>::new(), "make each of them an enum or a struct that is an error");
}

#[test]
fn a_planted_error_without_a_type_is_found() {
    for (code, expected) in [
        ("fn f() -> Result<u8, String> { Ok(1) }", "1: Result<u8,String>"),
        ("fn f() -> std::result::Result<(), std::string::String> { Ok(()) }", "1: Result<(),std::string::String>"),
        ("fn f() -> Result<u8, &str> { Ok(1) }", "1: Result<u8,&str>"),
        ("type Outcome = Result<(), &'static str>;", "1: Result<(),&'staticstr>"),
        ("struct S {\n    made: Receiver<Result<Vec<u8>, Arc<str>>>,\n}", "2: Result<Vec<u8>,Arc<str>>"),
        ("fn f() -> Result<u8, Box<str>> { Ok(1) }", "1: Result<u8,Box<str>>"),
        ("fn f() -> Result<u8, Cow<'static, str>> { Ok(1) }", "1: Result<u8,Cow<'static,str>>"),
        ("fn f() -> Result<u8, Option<String>> { Ok(1) }", "1: Result<u8,Option<String>>"),
        ("fn f() -> Result<u8, ()> { Ok(1) }", "1: Result<u8,()>"),
        ("fn f() -> Result<u8, i32> { Ok(1) }", "1: Result<u8,i32>"),
        ("fn f() -> Result<fn(u8) -> u8, usize> { Err(1) }", "1: Result<fn(u8)->u8,usize>"),
        ("fn f() { let x = all.collect::<Result<Vec<_>, String>>(); }", "1: Result<Vec<_>,String>"),
        ("fn f() { let x = Ok::<_, String>(1); }", "1: Ok<_,String>"),
        ("fn f() { let x = Err::<u8, ()>(()); }", "1: Err<u8,()>"),
        ("proptest! { fn f() { let x: Result<u8, String> = Ok(1); } }", "1: Result<u8,String>"),
        ("impl FromStr for S {\n    type Err = String;\n}", "2: type Err = String"),
        ("impl TryFrom<u8> for S { type Error = (); }", "1: type Error = ()"),
    ] {
        let tree = Tree::of(&[("app/src/planted.rs", code)]);
        let found = errors_without_a_type(&tree);
        let expected = format!("app/src/planted.rs:{expected}");
        assert_eq!(found, [expected], "{code}");
    }
}

#[test]
fn an_error_with_a_type_is_not_reported() {
    for code in [
        "fn f() -> Result<String, ReadError> { g() }",
        "fn f() -> io::Result<()> { Ok(()) }",
        "fn f() -> fmt::Result { Ok(()) }",
        "fn f() -> Result<(), Message> { Ok(()) }",
        "fn f() -> Result<(), Vec<ParamError>> { Ok(()) }",
        "fn f() -> Result<(), Box<dyn Error + Send + Sync>> { Ok(()) }",
        "fn f() -> Result<BTreeMap<String, u8>, ReadError> { g() }",
        "impl FromStr for S { type Err = ReadError; }",
        "impl Iterator for S { type Item = String; }",
        "fn f() { if a < b && Ok(c) > d {} }",
    ] {
        let tree = Tree::of(&[("app/src/planted.rs", code)]);
        assert_eq!(errors_without_a_type(&tree), Vec::<String>::new(), "{code}");
    }
}

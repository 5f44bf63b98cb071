//! Components that test other components.

mod test_result;

pub use test_result::TEST_RESULT;

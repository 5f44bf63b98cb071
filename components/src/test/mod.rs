//! Parts that judge other parts.

mod test_result;

pub use test_result::TEST_RESULT;

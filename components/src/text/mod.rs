//! Reading, cutting and changing text and values.

mod chunks_to_lines;
mod expression;
mod expression_values;
mod filter;
mod line_buffer;
mod line_split;
mod meter;
mod pass_through;
mod pure_transformer;
mod stringify;

pub use chunks_to_lines::CHUNKS_TO_LINES;
pub use expression::Expression;
pub use expression_values::{from_dynamic, to_dynamic};
pub use filter::FILTER;
pub(crate) use line_buffer::LineBuffer;
pub use line_split::LINE_SPLIT;
pub use pass_through::PASS_THROUGH;
pub use pure_transformer::PURE_TRANSFORMER;
pub use stringify::STRINGIFY;

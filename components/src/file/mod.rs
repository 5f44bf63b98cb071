//! Reading and writing files.
//!
//! Readers get their bytes from a task outside the scheduler and cut and pace them themselves; the writer has a thread
//! of its own, since every write may block.

mod file_stream;
mod pacer;
mod rate_controlled_file_reader;
mod read_file_adaptor;
mod simple_file_writer;
mod trouble;

pub use rate_controlled_file_reader::RATE_CONTROLLED_FILE_READER;
pub use read_file_adaptor::READ_FILE_ADAPTOR;
pub use simple_file_writer::SIMPLE_FILE_WRITER;

//! Reading and writing files.
//!
//! Readers receive bytes from a task outside the scheduler, and split and pace them on the scheduler thread. Writers
//! run on their own threads, because every write may block.

mod append;
mod confined;
pub(crate) mod faults;
mod file_stream;
mod find;
mod max_speed_file_reader;
pub(crate) mod open;
mod pacer;
mod prompted_file_reader;
mod rate_controlled_file_reader;
mod read_file_adaptor;
#[cfg(test)]
mod rig;
mod simple_file_writer;
mod simple_reader;
mod steadily;
mod triggered_file_reader;
mod whole_file_writer;
mod writer;

pub use append::APPEND;
pub use find::FIND;
pub use max_speed_file_reader::MAX_SPEED_FILE_READER;
pub(crate) use pacer::Pacer;
pub use prompted_file_reader::PROMPTED_FILE_READER;
pub use rate_controlled_file_reader::RATE_CONTROLLED_FILE_READER;
pub use read_file_adaptor::READ_FILE_ADAPTOR;
pub use simple_file_writer::SIMPLE_FILE_WRITER;
pub use simple_reader::SIMPLE_READER;
pub use triggered_file_reader::TRIGGERED_FILE_READER;
pub use whole_file_writer::WHOLE_FILE_WRITER;

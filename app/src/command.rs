//! AppCommand: everything the user can ask for, and the queue that drawing code puts it in.

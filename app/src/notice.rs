//! Notice: errors and warnings on their way to the user.

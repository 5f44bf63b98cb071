//! The back-plane: a named bus that components publish to and subscribe to.

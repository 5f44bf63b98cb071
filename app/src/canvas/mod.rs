//! The canvas: the graph on screen. Reads the document, never edits it.

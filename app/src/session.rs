//! Session: window, open panels, recent projects and preferences, kept between runs.

//! What the client sends and how it reads answers, with the network and the time in the tests' hands.

mod answers;
mod assertions;
mod caching;
mod file_caching;
mod fleet;
mod forms;
mod refreshing;
mod repetition;
mod rotation;
mod service;
mod sharing;
mod storing;

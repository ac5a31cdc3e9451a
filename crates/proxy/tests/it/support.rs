//! A gateway without a database, a client that shows bytes, and an upstream that sends exactly what it is told.

mod books;
mod canned;
mod client;
mod gateway;
mod ids;
mod requests;
mod upstreams;

pub(crate) use books::Books;
pub(crate) use canned::{Canned, Reply};
pub(crate) use client::Client;
pub(crate) use gateway::{CLIENT_KEY, Gateway};
pub(crate) use requests::{
    anthropic, chat, chat_stream, embeddings, form, form_with, gemini, openai, responses,
};
pub(crate) use upstreams::{CREDENTIAL, at_url, dead, of};

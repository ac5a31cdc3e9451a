use std::collections::VecDeque;
use std::convert::Infallible;
use std::task::Waker;

use http_body::Frame;

use super::*;

/// Frames as a connection's task hands them over: `None` is a turn in which nothing is there yet.
struct Scripted(VecDeque<Option<Result<&'static [u8], Broken>>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Broken;

impl Body for Scripted {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match self.0.pop_front() {
            Some(Some(Ok(data))) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(data))))),
            Some(Some(Err(broken))) => Poll::Ready(Some(Err(broken))),
            Some(None) => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

fn body(turns: &[Option<Result<&'static [u8], Broken>>]) -> Coalesced<Scripted> {
    Coalesced::new(Scripted(turns.iter().cloned().collect()))
}

/// Polls to the end; a `-` marks each turn without a piece.
fn played(body: &mut Coalesced<Scripted>) -> Vec<String> {
    let mut cx = Context::from_waker(Waker::noop());
    let mut seen = Vec::new();
    loop {
        match body.poll_piece(&mut cx) {
            Poll::Pending => seen.push("-".to_owned()),
            Poll::Ready(Some(Ok(piece))) => seen.push(String::from_utf8(piece.to_vec()).unwrap()),
            Poll::Ready(Some(Err(Broken))) => {
                seen.push("broken".to_owned());
                return seen;
            }
            Poll::Ready(None) => return seen,
        }
    }
}

#[test]
fn frames_that_arrive_turn_by_turn_are_joined_and_a_pause_ends_the_piece() {
    let mut burst = body(&[
        Some(Ok(b"a")),
        None,
        Some(Ok(b"b")),
        Some(Ok(b"c")),
        None,
        None,
        None,
        None,
        None,
        None,
        Some(Ok(b"d")),
    ]);
    assert_eq!(TURNS, 4);
    assert_eq!(played(&mut burst), ["-", "-", "-", "-", "-", "abc", "-", "d"]);
}

#[test]
fn what_arrived_before_a_failure_is_passed_on_before_it() {
    let mut cut = body(&[Some(Ok(b"a")), Some(Err(Broken))]);
    assert_eq!(played(&mut cut), ["a", "broken"]);
}

#[test]
fn a_piece_is_passed_on_once_it_is_large() {
    static LARGE: [u8; MAX_JOINED] = [b'x'; MAX_JOINED];
    let mut long = body(&[Some(Ok(&LARGE)), Some(Ok(b"rest"))]);
    let pieces = played(&mut long);
    assert_eq!(
        pieces.iter().map(String::len).collect::<Vec<_>>(),
        [MAX_JOINED, 4]
    );
}

#[test]
fn a_single_frame_is_not_copied() {
    let data = Bytes::from(vec![b'x'; 100]);
    let place = data.as_ptr();
    let mut single = Coalesced::new(http_body_util::Full::<Bytes>::new(data));
    let mut cx = Context::from_waker(Waker::noop());
    let Poll::Ready(Some(Ok::<_, Infallible>(piece))) = single.poll_piece(&mut cx) else {
        panic!("the frame is there");
    };
    assert_eq!(piece.as_ptr(), place);
    assert!(single.is_end_stream());
}

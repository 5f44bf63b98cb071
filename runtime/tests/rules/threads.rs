//! Section 9, threaded components: queues, order, pausing, ending. Their calls to the scheduler are in `threads_calls`.

use std::sync::mpsc;
use std::time::Duration;

use compose_runtime::command::RuntimeCommand;
use compose_runtime::dev::*;
use compose_runtime::introspect::snapshot::State;
use compose_runtime::scheduler::RunEnd;

use crate::world::*;

/// The longest wait for a report from a thread.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Passes its input on.
#[allow(clippy::unnecessary_wraps)] // Thread code must have this signature.
fn echoes(mut io: ThreadIo) -> Outcome {
    while let Some(message) = io.recv("inbox") {
        io.send("outbox", message);
    }
    Ok(())
}

#[test]
fn thr_1_a_thread_may_block_behind_ordinary_boxes() {
    let mut world = World::default();
    let (source, printer) = (world.sender("source", &["a", "b", "c"]), world.printer("printer"));
    let thread = world.thread("thread", echoes);
    world.wire(source, thread);
    world.wire(thread, printer);
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console(), ["a", "b", "c", "end"]);
}

#[test]
fn thr_2_thr_7_the_queues_are_bounded_and_try_send_returns_what_does_not_fit() {
    let mut world = World::default();
    let (report, reports) = mpsc::channel();
    let thread = world.thread("thread", move |mut io| {
        // The proxy has no turn while this code runs: its first turn starts the thread, and then the scheduler stops.
        let fit = (0..100).take_while(|number| io.try_send("outbox", *number).is_ok()).count();
        let back = io.try_send("outbox", "back");
        report.send((fit, back)).unwrap();
        Ok(())
    });
    let sink = world.idle("sink");
    world.wire(thread, sink);
    world.pass();
    let (fit, back) = reports.recv().unwrap();
    assert_eq!((fit, back), (QUEUE, Err("back".into())));
    world.settle();
}

#[test]
fn thr_3_the_thread_starts_in_the_first_turn() {
    let mut world = World::default();
    let started = shared::<bool>();
    let flag = started.clone();
    let thread = world.thread("thread", move |_| {
        *flag.lock().unwrap() = true;
        Ok(())
    });
    assert_eq!((get(&started), world.view(thread).turns), (false, 0));
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(get(&started));
}

#[test]
fn thr_5_the_thread_sees_its_queues_but_not_the_boxes() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        while io.depth("inbox") < QUEUE {
            io.pause(None);
        }
        let ready = io.any_ready();
        let line = format!("{} {ready:?}", io.depth("inbox"));
        io.print(&line);
        Ok(())
    });
    for number in 0..QUEUE {
        world.put(thread, "inbox", i64::try_from(number).unwrap());
    }
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console(), [format!("{QUEUE} Some(\"inbox\")")]);
}

#[test]
fn thr_6_each_form_of_receiving_waits_as_its_name_says() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        let nothing = io.try_recv("inbox");
        let late = io.recv_timeout("inbox", Duration::from_secs(3));
        let now = io.now();
        io.print(&format!("{nothing:?} {late:?} {now:?}"));
        let message = io.recv("inbox");
        io.print(&format!("{message:?}"));
        Ok(())
    });
    assert!(matches!(world.run(), RunEnd::Stalled(_)));
    assert_eq!(world.console(), ["None TimedOut Some(3s)"]);
    world.put(thread, "inbox", 1);
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console()[1], "Some(Int(1))");
}

#[test]
fn thr_8_a_sender_sees_the_space_of_box_and_queue_together() {
    let mut world = World::default();
    let (release, gate) = mpsc::channel::<()>();
    let thread = world.thread("thread", move |mut io| {
        gate.recv().unwrap();
        while io.recv("inbox").is_some() {}
        Ok(())
    });
    world.cap(thread, 2);
    let source = world.source("source", |io| async move {
        for number in 0..100 {
            io.send("outbox", number).await;
            io.yield_now().await;
        }
        Ok(())
    });
    world.wire(source, thread);
    world.settle();
    let fitted = world.outbox(source, "outbox").sent;
    assert_eq!(fitted, 2 + QUEUE as u64);
    release.send(()).unwrap();
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.outbox(source, "outbox").sent, 100);
}

#[test]
fn thr_8_its_thread_sees_the_space_of_the_queues_and_of_the_final_sink_together() {
    let mut world = World::default();
    let (report, reports) = mpsc::channel();
    let thread = world.thread("thread", move |mut io| {
        for number in 0..100 {
            io.send("outbox", number);
            report.send(number).unwrap();
        }
        Ok(())
    });
    let (middle, sink) = (world.composite("middle"), world.idle("sink"));
    world.cap(sink, 2);
    world.wire(thread, middle);
    world.link(inward(middle, "inbox", sink, "inbox"));
    assert!(matches!(world.run(), RunEnd::Stalled(_)));
    // The queue, the messages brought in at the last safe point, the one the proxy holds, and the sink.
    let space = QUEUE + QUEUE + 1 + 2;
    for number in 0..space {
        assert_eq!(reports.recv_timeout(TIMEOUT).map(usize::try_from), Ok(Ok(number)));
    }
    assert!(reports.try_recv().is_err(), "there is no space for more");
    assert_eq!(world.depth(sink, "inbox"), 2);
    world.limit(sink, "inbox", None, FullPolicy::Block);
    world.run();
    assert_eq!(world.depth(sink, "inbox"), 100);
}

#[test]
fn thr_9_a_finish_never_overtakes_data() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        while let Some(message) = io.recv("inbox") {
            io.print(&message.to_string());
        }
        io.print("end");
        Ok(())
    });
    world.finish(thread);
    for number in 0..3 {
        world.put(thread, "inbox", number);
    }
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console(), ["0", "1", "2", "end"]);
}

#[test]
fn thr_10_a_pause_ends_with_a_message_or_at_its_time_limit() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        let went_on = io.pause(Some(Duration::from_secs(2)));
        let now = io.now();
        io.print(&format!("{went_on} {now:?}"));
        io.pause(None);
        let depth = io.depth("inbox");
        io.print(&depth.to_string());
        Ok(())
    });
    assert!(matches!(world.run(), RunEnd::Stalled(_)));
    assert_eq!(world.console(), ["true Some(2s)"]);
    world.put(thread, "inbox", 1);
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console()[1], "1");
}

#[test]
fn thr_10_an_event_before_a_pause_counts_once() {
    let mut world = World::default();
    let (release, gate) = mpsc::channel::<()>();
    let thread = world.thread("thread", move |mut io| {
        gate.recv().unwrap();
        io.pause(None);
        io.pause(Some(Duration::from_secs(5)));
        let (now, depth) = (io.now(), io.depth("inbox"));
        io.print(&format!("{now:?} {depth}"));
        Ok(())
    });
    for number in 0..3 {
        world.put(thread, "inbox", number);
    }
    world.settle();
    assert_eq!(world.depth(thread, "inbox"), 0, "all messages have reached the queue of the thread");
    release.send(()).unwrap();
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(world.console(), ["Some(5s) 3"], "the first pause ended at once, the second did not");
}

#[test]
fn thr_10_a_pause_after_a_refusal_ends_when_there_is_space() {
    let mut world = World::default();
    let is_open = shared::<bool>();
    let open = is_open.clone();
    let thread = world.thread("thread", move |mut io| {
        // The first pauses end soon, because there is space until the queues are full too.
        for _ in 0..1000 {
            while io.try_send("outbox", "x").is_ok() {}
            io.pause(None);
            if get(&open) {
                return Ok(());
            }
        }
        Err(Fault::new("its pauses end although there is no space"))
    });
    let sink = world.idle("sink");
    world.cap(sink, 1);
    world.wire(thread, sink);
    let RunEnd::Stalled(text) = world.run() else { panic!("{:?}", world.state(thread)) };
    assert!(text.contains("space in sink.inbox"), "{text}");
    *is_open.lock().unwrap() = true;
    world.limit(sink, "inbox", None, FullPolicy::Block);
    let _ = world.run();
    assert_eq!(world.state(thread), State::Finished);
}

#[test]
fn thr_14_everything_sent_arrives_before_the_component_finishes() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        for number in 0..50 {
            io.send("outbox", number);
        }
        Ok(())
    });
    let sink = world.idle("sink");
    world.cap(sink, 10);
    world.wire(thread, sink);
    world.put(thread, "inbox", "lost");
    let RunEnd::Stalled(text) = world.run() else { panic!("a full sink holds it up") };
    assert!(text.contains("space in sink.inbox"), "{text}");
    world.limit(sink, "inbox", None, FullPolicy::Block);
    world.run();
    assert_eq!(world.depth(sink, "inbox"), 50);
    assert!(world.has_finished(thread));
}

#[test]
fn thr_15_a_full_queue_to_the_thread_does_not_prevent_its_end() {
    let mut world = World::default();
    let (release, gate) = mpsc::channel::<()>();
    let thread = world.thread("thread", move |_| {
        gate.recv().unwrap();
        Ok(())
    });
    for number in 0..20 {
        world.put(thread, "inbox", number);
    }
    world.settle();
    assert!(world.depth(thread, "inbox") > 0);
    release.send(()).unwrap();
    assert_eq!(world.run(), RunEnd::Ended);
    assert!(world.has_finished(thread));
}

#[test]
fn thr_16_order_is_kept_between_outboxes() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        for (number, outbox) in ["other", "outbox", "signal", "outbox", "other"].into_iter().enumerate() {
            io.send(outbox, format!("{number}"));
        }
        Ok(())
    });
    let sink = world.idle("sink");
    for outbox in ["outbox", "other", "signal"] {
        world.link(data(thread, outbox, sink, "inbox"));
    }
    world.run();
    assert_eq!(world.take(sink, "inbox"), ["0", "1", "2", "3", "4", "producer finished"]);
}

#[test]
fn thr_7_a_message_reaches_the_outbox_that_was_named_whatever_was_sent_or_refused_before() {
    let mut world = World::default();
    let thread = world.thread("thread", |mut io| {
        for number in 0..1000 {
            let outbox = ["outbox", "outbox", "other"][number % 3];
            let mut message = compose_runtime::message::Message::from(format!("{number}"));
            if number % 2 == 0 {
                io.send(outbox, message);
                continue;
            }
            while let Err(refused) = io.try_send(outbox, message) {
                message = refused;
                io.pause(None);
            }
        }
        Ok(())
    });
    let sinks = ["outbox", "other"].map(|outbox| {
        let sink = world.idle(outbox);
        world.limit(sink, "inbox", None, FullPolicy::Block);
        world.link(data(thread, outbox, sink, "inbox"));
        sink
    });
    world.run();
    for (sink, is_wanted) in sinks.into_iter().zip([|number: &usize| number % 3 < 2, |number: &usize| number % 3 == 2])
    {
        let expected: Vec<String> = (0..1000).filter(is_wanted).map(|number| number.to_string()).collect();
        assert_eq!(world.take(sink, "inbox"), expected);
    }
}

#[test]
fn thr_18_a_failure_in_the_thread_crashes_the_component_with_its_text() {
    for case in 0..2 {
        let mut world = World::default();
        let thread = world.thread("thread", move |_| match case {
            0 => Err(Fault::new("no such file: data.txt")),
            _ => std::panic::resume_unwind(Box::new("no such file: data.txt".to_owned())),
        });
        assert_eq!(world.run(), RunEnd::Ended);
        assert_eq!(world.crash(thread), "no such file: data.txt");
    }
}

#[test]
fn thr_19_the_next_call_after_a_stop_returns_stopped_and_a_stuck_thread_is_reported() {
    let mut world = World::default();
    let (report, reports) = mpsc::channel();
    let thread = world.thread("polite", move |mut io| {
        report.send(format!("{:?} {}", io.recv("inbox"), io.send("outbox", 1))).unwrap();
        Ok(())
    });
    world.settle();
    world.command(RuntimeCommand::StopComponent(thread));
    assert_eq!(world.run(), RunEnd::Ended);
    assert_eq!(reports.recv().unwrap(), "None false");
    assert!(world.scheduler.snapshot().failed_steps.is_empty());

    let (release, gate) = mpsc::channel::<()>();
    let stubborn = world.thread("stubborn", move |_| {
        let _ = gate.recv();
        Ok(())
    });
    world.settle();
    world.command(RuntimeCommand::StopComponent(stubborn));
    assert_eq!(world.run(), RunEnd::Ended);
    let failed = world.scheduler.snapshot().failed_steps;
    let text = failed[0].error.clone().unwrap();
    assert_eq!(&*text, "the thread of stubborn was asked to stop and has not returned");
    drop(release);
}

#[test]
fn a_waiting_threaded_component_is_shown_as_waiting() {
    let mut world = World::default();
    let thread = world.thread("thread", echoes);
    let RunEnd::Stalled(text) = world.run() else { panic!("no component feeds the thread") };
    assert!(text.contains("thread is waiting for"), "{text}");
    assert!(matches!(world.state(thread), State::Waiting(_)));
}

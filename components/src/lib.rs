//! The component library. Each component has one file: description first, then behaviour, then tests.
//!
//! [`BUILTINS`] is the single list of all components, in palette order. To add a component, write its file, name it in
//! the `mod.rs` of its folder and add a line here. The palette, the checks and the manual read this list.

use compose_runtime::component::ComponentSpec;
use compose_runtime::registry::{Registry, RegistryError};

pub mod backplane;
mod byte_queue;
#[cfg(test)]
mod catalogue_check;
pub mod chassis;
#[cfg(test)]
mod checks;
pub mod codec;
mod colour;
pub mod console;
pub mod file;
pub mod flow;
pub mod http;
mod library;
pub mod manual;
pub mod net;
pub mod picture;
pub mod process;
mod random;
mod refuse;
pub mod services;
pub mod show;
pub mod sound;
pub mod source;
pub mod test;
#[cfg(test)]
mod test_system;
pub mod text;
pub mod topology;
pub mod values;

/// Every component of the library, in palette order.
pub static BUILTINS: &[&ComponentSpec] = &[
    // Sources
    &source::DATA_SOURCE,
    &source::ONE_SHOT,
    &source::TRIGGERED_ONE_SHOT,
    &source::TRIGGERED_SOURCE,
    &source::CHEAP_AND_CHEERFUL_CLOCK,
    &source::PERIODIC_TICK,
    &source::SINGLE_TICK,
    &source::TIMED_SHUTDOWN,
    &source::CHARGEN,
    &source::CHOOSER,
    &source::FORWARD_ITERATING_CHOOSER,
    &source::ZIPF_SOURCE,
    // Text
    &text::PASS_THROUGH,
    &text::PURE_TRANSFORMER,
    &text::FILTER,
    &text::EXPRESSION,
    &text::STRINGIFY,
    &text::LINE_SPLIT,
    &text::CHUNKS_TO_LINES,
    &text::LINES_TO_TOKENLISTS,
    &text::TOKENLISTS_TO_LINES,
    &text::SIMPLE_DETUPLER,
    &text::ENTUPLE,
    &text::TAG_WITH_SEQUENCE_NUMBER,
    &text::SEQUENTIAL_TRANSFORMER,
    &text::GREP,
    &text::SORT,
    &text::COLLATE,
    &text::MAX,
    &text::RANGE_FILTER,
    &text::CHUNKIFIER,
    &text::TIMESTAMP,
    &text::DE_TIMESTAMP,
    &text::SIMPLE_XML_PARSER,
    &text::SUBTITLE_COLOUR_DECODER,
    &codec::json_encoder::JSON_ENCODER,
    &codec::json_decoder::JSON_DECODER,
    &codec::marshaller::MARSHALLER,
    &codec::de_marshaller::DE_MARSHALLER,
    &codec::basic_marshall_component::BASIC_MARSHALL_COMPONENT,
    // Flow
    &flow::MESSAGE_RATE_LIMIT,
    &flow::BYTE_RATE_REQUEST_CONTROL,
    &flow::PROMPTED_TURNSTILE,
    &flow::ON_DEMAND_LIMIT,
    &flow::RATE_METER,
    &flow::RATE_CHUNKER,
    &flow::CACHE,
    &flow::FANOUT,
    &flow::TWO_WAY_SPLITTER,
    &text::FIRST_ONLY,
    &text::UNSEEN_ONLY,
    &flow::ROUTER,
    &flow::CONDITIONAL_SPLITTER,
    &flow::LOSSY_CONNECTOR,
    &flow::SYNC,
    &flow::COMPARATOR,
    &flow::WIRE_TAP,
    &flow::DATA_SINK,
    &flow::NULL_SINK,
    &backplane::BACKPLANE,
    &backplane::PUBLISH_TO,
    &backplane::SUBSCRIBE_TO,
    &services::REGISTER_SERVICE,
    &services::TO_SERVICE,
    &services::SUBSCRIBE,
    &compose_runtime::introspect::introspector::INTROSPECTOR,
    &values::VALUE,
    &values::UPDATE_VALUE,
    &values::GET_VALUE,
    &values::TUPLE_SPACE,
    &test::TEST_RESULT,
    // Files
    &file::SIMPLE_READER,
    &file::READ_FILE_ADAPTOR,
    &file::RATE_CONTROLLED_FILE_READER,
    &file::PROMPTED_FILE_READER,
    &file::MAX_SPEED_FILE_READER,
    &file::TRIGGERED_FILE_READER,
    &file::FIND,
    &file::SIMPLE_FILE_WRITER,
    &file::WHOLE_FILE_WRITER,
    &file::APPEND,
    &process::UNIX_PROCESS,
    &process::PIPETHROUGH,
    // Network
    &net::tcp_client::TCP_CLIENT,
    &net::single_server::SINGLE_SERVER,
    &net::echo_protocol::ECHO_PROTOCOL,
    &net::fortune_cookie_protocol::FORTUNE_COOKIE_PROTOCOL,
    &http::SIMPLE_HTTP_CLIENT,
    &http::SINGLE_SHOT_HTTP_CLIENT,
    &http::HTTP_SERVER,
    &http::MINIMAL,
    &http::SESSION_EXAMPLE,
    &http::TOPOLOGY_PAGE,
    &http::WEB_SOCKET_SERVER,
    &http::WEB_SOCKET_CLIENT,
    &http::LOAD_GENERATOR,
    &http::RESPONSE_METER,
    &net::simple_peer::SIMPLE_PEER,
    &net::targetted_peer::TARGETTED_PEER,
    &net::postbox_peer::POSTBOX_PEER,
    &net::udp_sender::UDP_SENDER,
    &net::udp_receiver::UDP_RECEIVER,
    &net::multicast_transceiver::MULTICAST_TRANSCEIVER,
    &net::multicast_sender::MULTICAST_SENDER,
    &net::multicast_receiver::MULTICAST_RECEIVER,
    &net::length_framer::LENGTH_FRAMER,
    &net::length_deframer::LENGTH_DEFRAMER,
    &net::framer::FRAMER,
    &net::de_framer::DE_FRAMER,
    &net::data_chunker::DATA_CHUNKER,
    &net::data_de_chunker::DATA_DE_CHUNKER,
    &net::max_size_packetiser::MAX_SIZE_PACKETISER,
    &net::recover_order::RECOVER_ORDER,
    &net::reorder::REORDER,
    &net::throwaway::THROWAWAY,
    &net::duplicate::DUPLICATE,
    // Sound and pictures
    &sound::tone_source::TONE_SOURCE,
    &sound::input::INPUT,
    &sound::audio_file_reader::AUDIO_FILE_READER,
    &sound::decoder::DECODER,
    &sound::decoder::VORBIS_DECODE,
    &sound::decoder::WAV_PARSER,
    &sound::wav_writer::WAV_WRITER,
    &sound::resample::RESAMPLE,
    &sound::raw_audio_mixer::RAW_AUDIO_MIXER,
    &sound::level_meter::LEVEL_METER,
    &sound::output::OUTPUT,
    &sound::output::AO_AUDIO_PLAYBACK_ADAPTOR,
    &picture::test_pattern_video::TEST_PATTERN_VIDEO,
    &picture::video_file_source::VIDEO_FILE_SOURCE,
    &picture::video_decoder::VIDEO_DECODER,
    &picture::yuv4mpeg_to_frame::YUV4MPEG_TO_FRAME,
    &picture::frame_to_yuv4mpeg::FRAME_TO_YUV4MPEG,
    &picture::jpeg_encoder::JPEG_ENCODER,
    &picture::jpeg_decoder::JPEG_DECODER,
    &picture::frame_picker::FRAME_PICKER,
    &picture::crop_and_scale::CROP_AND_SCALE,
    &picture::detect_shot_changes::DETECT_SHOT_CHANGES,
    // Display and input
    &console::CONSOLE_READER,
    &console::CONSOLE_ECHOER,
    &show::button::BUTTON,
    &show::multiclick::MULTICLICK,
    &show::key_event::KEY_EVENT,
    &show::image::IMAGE,
    &show::video_overlay::VIDEO_OVERLAY,
    &show::video_overlay::VIDEO_SURFACE,
    &show::text_displayer::TEXT_DISPLAYER,
    &show::textbox::TEXTBOX,
    &show::ticker::TICKER,
    &show::plot::PLOT,
    &topology::TOPOLOGY_VIEWER,
    &topology::TOPOLOGY_VIEWER_SERVER,
    &topology::AXON_VISUALISER,
    &topology::AXON_VISUALISER_SERVER,
    // Chassis
    &chassis::SIMPLE_SERVER,
    &chassis::CAROUSEL,
    &chassis::PAR,
    &chassis::SEQ,
    &chassis::PLUG_SPLITTER,
    &chassis::PLUG,
    &chassis::PROCESS_PIPELINE,
];

/// Adds every component of the library.
pub fn register_all(registry: &mut Registry) -> Result<(), RegistryError> {
    library::set(BUILTINS);
    BUILTINS.iter().try_for_each(|spec| registry.register(spec))
}

/// A registry that contains the library. If a name occurs twice in [`BUILTINS`], only the first is registered; a test
/// rejects duplicates.
pub fn registry() -> Registry {
    library::set(BUILTINS);
    let mut registry = Registry::default();
    for spec in BUILTINS {
        if registry.get(spec.type_name).is_err() {
            // Cannot fail: the name is not registered yet.
            let _ = registry.register(spec);
        }
    }
    registry
}

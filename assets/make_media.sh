#!/bin/sh
# Makes the film and the tune of this folder: make_media.sh [kamaelia-compose]
#
# The film is drawn by the application itself; the tune needs sox. Both sound and look the same every time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
compose=${1:-$here/../target/debug/kamaelia-compose}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir -p "$here/video" "$here/sounds"
cat >"$scratch/clip.json" <<END
{
  "format": "kamaelia-compose/1",
  "components": {
    "cards": { "type": "TestPatternVideo", "params": { "width": 256, "height": 208, "frames": 250, "cuts": [50, 110, 175, 244], "paced": false } },
    "pack": { "type": "JpegEncoder", "params": { "quality": 30 } },
    "write": { "type": "SimpleFileWriter", "params": { "filename": "test-clip.mjpeg" } }
  },
  "links": ["cards.outbox -> pack.inbox", "pack.outbox -> write.inbox"]
}
END
"$compose" run "$scratch/clip.json"
mv "$scratch/test-clip.mjpeg" "$here/video/"

# Eight notes of three quarters of a second each, in hertz.
notes=""
for pitch in 262 294 330 349 392 440 494 523; do
    sox -R -r 48000 -c 1 -b 16 -n "$scratch/$pitch.wav" synth 0.75 sine $pitch gain -6 fade q 0.01 0.75 0.01
    notes="$notes $scratch/$pitch.wav"
done
# shellcheck disable=SC2086
sox -R $notes -C 4 "$here/sounds/tune.ogg"

#!/usr/bin/env python3
"""Makes the pictures and the sound of this folder, with nothing but Python's standard library.

    python3 assets/make_assets.py

The result is the same every time, so running it again changes nothing.
"""

import math
import pathlib
import random
import struct
import wave
import zlib

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 640, 400

# The digits one to five as strokes in a box of 1 by 2, drawn with a round pen.
DIGITS = {
    1: [[(0.15, 0.35), (0.55, 0.0), (0.55, 2.0)], [(0.15, 2.0), (0.95, 2.0)]],
    2: [[(0.02, 0.45), (0.12, 0.17), (0.35, 0.0), (0.65, 0.0), (0.9, 0.17), (0.98, 0.45), (0.9, 0.8),
         (0.0, 2.0), (1.0, 2.0)]],
    3: [[(0.05, 0.3), (0.3, 0.02), (0.65, 0.0), (0.93, 0.25), (0.93, 0.65), (0.68, 0.92), (0.4, 0.95)],
        [(0.68, 0.95), (0.95, 1.2), (0.98, 1.55), (0.75, 1.92), (0.35, 2.0), (0.02, 1.72)]],
    4: [[(0.72, 2.0), (0.72, 0.0), (0.0, 1.4), (1.0, 1.4)]],
    5: [[(0.92, 0.0), (0.15, 0.0), (0.08, 0.88), (0.4, 0.72), (0.72, 0.78), (0.95, 1.05), (0.97, 1.45),
         (0.8, 1.85), (0.4, 2.0), (0.02, 1.78)]],
}


def mix(a, b, t):
    t = max(0.0, min(1.0, t))
    return tuple(a[i] + (b[i] - a[i]) * t for i in range(3))


def colour(text):
    return tuple(int(text[i:i + 2], 16) for i in (0, 2, 4))


class Picture:
    """A grid of colours with a few shapes, their edges softened over one pixel."""

    def __init__(self, top, bottom, width=WIDTH, height=HEIGHT):
        top, bottom = colour(top), colour(bottom)
        self.width, self.height = width, height
        self.rows = [[mix(top, bottom, y / height)] * width for y in range(height)]

    def blend(self, x, y, ink, cover):
        if cover > 0 and 0 <= x < self.width and 0 <= y < self.height:
            self.rows[y][x] = mix(self.rows[y][x], ink, cover)

    def disc(self, cx, cy, radius, ink, strength=1.0):
        ink = colour(ink)
        for y in range(int(cy - radius) - 1, int(cy + radius) + 2):
            for x in range(int(cx - radius) - 1, int(cx + radius) + 2):
                cover = radius - math.hypot(x - cx, y - cy) + 0.5
                self.blend(x, y, ink, strength * max(0.0, min(1.0, cover)))

    def glow(self, cx, cy, radius, ink, strength):
        ink = colour(ink)
        for y in range(max(0, int(cy - radius)), min(HEIGHT, int(cy + radius))):
            for x in range(max(0, int(cx - radius)), min(WIDTH, int(cx + radius))):
                near = 1 - math.hypot(x - cx, y - cy) / radius
                if near > 0:
                    self.blend(x, y, ink, strength * near * near)

    def below(self, line, ink, depth=None):
        """Fills everything below the height line(x), darkening towards `depth`."""
        ink, depth = colour(ink), colour(depth or ink)
        for x in range(WIDTH):
            edge = line(x)
            for y in range(max(0, int(edge) - 1), HEIGHT):
                shade = mix(ink, depth, (y - edge) / (HEIGHT - edge + 1))
                self.blend(x, y, shade, max(0.0, min(1.0, y - edge + 0.5)))

    def stroke(self, points, pen, ink, strength=1.0):
        """A line through points with a round pen; each pixel is inked once."""
        ink, cover = colour(ink), {}
        for (ax, ay), (bx, by) in zip(points, points[1:]):
            length = math.hypot(bx - ax, by - ay) or 1.0
            for y in range(int(min(ay, by) - pen) - 1, int(max(ay, by) + pen) + 2):
                for x in range(int(min(ax, bx) - pen) - 1, int(max(ax, bx) + pen) + 2):
                    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length / length
                    along = max(0.0, min(1.0, along))
                    away = math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))
                    cover[x, y] = max(cover.get((x, y), 0.0), max(0.0, min(1.0, pen - away + 0.5)))
        for (x, y), amount in cover.items():
            self.blend(x, y, ink, amount * strength)

    def number(self, digit, ink, disc):
        cx, cy = WIDTH - 74, 74
        self.disc(cx, cy, 42, disc, 0.92)
        for line in DIGITS[digit]:
            self.stroke([(cx - 12 + 24 * x, cy - 23 + 23 * y) for x, y in line], 3.4, ink)

    def save(self, path):
        raw = bytearray()
        for y, row in enumerate(self.rows):
            raw.append(0)
            for x, pixel in enumerate(row):
                # An ordered pattern of less than one step hides the bands of slow gradients.
                dither = ((x & 1) * 2 + ((x ^ y) & 1)) / 4 - 0.375
                raw.extend(max(0, min(255, round(part + dither))) for part in pixel)
        def chunk(name, body):
            return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(raw), 9))
            + chunk(b"IEND", b""))


def ridge(base, waves):
    return lambda x: base + sum(height * math.sin(x / length + shift) for height, length, shift in waves)


def morning():
    picture = Picture("f7d9b0", "f3a17d")
    picture.glow(190, 215, 210, "fff1c9", 0.9)
    picture.disc(190, 215, 46, "fff6dc")
    picture.below(ridge(250, [(26, 83, 0.6), (9, 31, 2.0)]), "c77a78", "a85f70")
    picture.below(ridge(292, [(22, 71, 3.4), (7, 23, 0.4)]), "8a4f6d", "6c3d60")
    picture.below(ridge(340, [(18, 97, 1.2), (5, 19, 1.0)]), "4b2f52", "33213f")
    picture.number(1, "8a4f6d", "fff6dc")
    return picture


def sea():
    picture = Picture("bfe3ea", "e9f4ee")
    picture.disc(150, 96, 30, "ffffff", 0.9)
    for cx, cy, size in [(330, 92, 20), (356, 84, 26), (386, 93, 19), (470, 142, 13), (488, 137, 17), (507, 143, 12)]:
        picture.disc(cx, cy, size, "ffffff", 0.75)
    for step, ink in enumerate(["79bcc6", "539fb0", "367f97", "22607c", "164560"]):
        picture.below(ridge(232 + step * 34, [(4 + step * 1.6, 20 + step * 9, step * 1.9)]), ink)
    hull = [(392, 236), (478, 236), (462, 254), (408, 254), (392, 236)]
    for inset in range(5):
        picture.stroke([(x + (435 - x) * inset / 6, y + (244 - y) * inset / 6) for x, y in hull], 3, "7a3b2e")
    for y in range(150, 232):
        half = (y - 150) * 0.46
        picture.stroke([(432, y), (432 + half, y)], 0.7, "fdf7ea")
        picture.stroke([(426 - half * 0.62, y), (426, y)], 0.7, "f0d9b5")
    picture.stroke([(429, 146), (429, 236)], 1.6, "5a3a2c")
    picture.number(2, "22607c", "ffffff")
    return picture


def forest():
    picture = Picture("dcead2", "f5f2d8")
    chance = random.Random(3)
    for layer, (base, low, high, ink) in enumerate([
            (270, 50, 95, "a9c9a4"), (312, 65, 125, "6fa27d"), (366, 85, 160, "3c7459"), (430, 90, 190, "1d4a3d")]):
        x = -20.0
        while x < WIDTH + 20:
            tall = chance.uniform(low, high)
            tip = base - tall
            for y in range(int(tip), min(HEIGHT, base)):
                tier = (y - tip) / tall
                half = (0.14 + 0.16 * tier - 0.05 * ((tier * 5) % 1 < 0.25)) * tall * min(1.0, tier * 3 + 0.05)
                picture.stroke([(x - half, y), (x + half, y)], 0.7, ink)
            x += tall * chance.uniform(0.26, 0.42)
        floor = ridge(base - 8, [(6, 60, layer)])
        picture.below(floor, ink)
    picture.number(3, "1d4a3d", "fbfae9")
    return picture


def dunes():
    picture = Picture("8ec1dc", "f6e4c3")
    picture.disc(455, 170, 34, "fff3d0", 0.95)
    for step, (ink, depth) in enumerate([("ecc48c", "dba868"), ("dba561", "bf8547"), ("c08345", "96602f"),
                                         ("8f5a30", "643c22")]):
        crest = 140 + step * 150
        def line(x, step=step, crest=crest):
            steep = 46 if x < crest else 120
            return 262 + step * 36 - (46 - step * 5) * math.exp(-((x - crest) / steep) ** 2) + 5 * math.sin(x / 90 + step)
        picture.below(line, ink, depth)
    picture.number(4, "96602f", "fff6df")
    return picture


def night():
    picture = Picture("0d1838", "35477d")
    chance = random.Random(5)
    for _ in range(150):
        x, y = chance.uniform(0, WIDTH), chance.uniform(0, 250) 
        picture.disc(x, y, chance.choice([0.4, 0.6, 0.9, 1.3]), "ffffff", chance.uniform(0.3, 0.95))
    picture.glow(170, 110, 150, "c9d6ff", 0.35)
    picture.disc(170, 110, 40, "f3f1de")
    for cx, cy, size in [(156, 100, 8), (182, 122, 11), (178, 92, 5)]:
        picture.disc(cx, cy, size, "dcd8bf", 0.8)
    def peaks(x):
        return 262 + 62 * abs(((x + 60) / 150) % 2 - 1) + 9 * abs(((x + 11) / 23) % 2 - 1)
    picture.below(peaks, "222f5c", "1a2449")
    picture.below(ridge(330, [(14, 88, 0.3), (5, 27, 1.1)]), "121a37", "0b1128")
    for x, y in [(402, 340), (410, 344), (421, 338), (433, 343), (446, 339), (455, 345), (389, 345)]:
        picture.glow(x, y, 9, "ffd98a", 0.8)
        picture.disc(x, y, 1.5, "fff0c2")
    picture.number(5, "35477d", "f3f1de")
    return picture


def card(background, hair, skin, coat, hat=None, curls=False):
    """A character of the play; the background colour identifies the character, also in tests."""
    picture = Picture(background, background, 160, 200)
    picture.disc(80, 232, 78, coat)
    picture.disc(80, 160, 20, skin)
    picture.disc(80, 92, 47, hair)
    if curls:
        for x, y in [(36, 100), (38, 122), (46, 142), (124, 100), (122, 122), (114, 142)]:
            picture.disc(x, y, 14, hair)
    picture.disc(80, 102, 38, skin)
    for x in (66, 94):
        picture.disc(x, 98, 4, "2b2320")
    picture.stroke([(68, 122), (80, 127), (92, 122)], 1.8, "8c3f3a")
    if hat:
        for y in range(46, 64):
            picture.stroke([(34 + (63 - y) * 0.9, y), (126 - (63 - y) * 0.9, y)], 0.8, hat)
        picture.stroke([(112, 50), (134, 26)], 3, "f2ead7")
    return picture


def unknown_card():
    """The card for speakers without one of their own."""
    picture = Picture("9a9a9a", "9a9a9a", 160, 200)
    picture.disc(80, 232, 78, "6d6d6d")
    picture.disc(80, 100, 46, "6d6d6d")
    picture.stroke([(66, 86), (72, 74), (88, 74), (94, 86), (80, 102), (80, 110)], 4, "e8e8e8")
    picture.disc(80, 124, 4.5, "e8e8e8")
    return picture


def melody():
    """A short original tune over three chords: seven seconds, mono, 44 100 Hz."""
    rate, beat = 44_100, 0.30
    tune = [("G4", 1), ("C5", 1), ("E5", 1), ("G5", 2), ("E5", 1), ("A5", 2), ("G5", 1), ("E5", 1), ("D5", 1),
            ("C5", 2), ("A4", 1), ("C5", 1), ("D5", 1), ("B4", 2), ("C5", 4)]
    bass = [("C3", 3), ("E3", 3), ("F3", 3), ("C3", 3), ("F3", 3), ("G3", 4), ("C3", 3)]
    steps = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
    def hertz(name):
        return 440.0 * 2 ** ((steps[name[0]] + 12 * (int(name[1]) - 4)) / 12)
    sound = [0.0] * int(rate * 7.2)
    def play(part, loudness, fade):
        start = 0.05
        for name, beats in part:
            for i in range(int(rate * (beats * beat + 0.6))):
                at = int(rate * start) + i
                if at >= len(sound):
                    break
                t = i / rate
                envelope = min(1.0, t / 0.012) * math.exp(-t / fade) * max(0.0, 1 - t / (beats * beat + 0.6))
                turn = 2 * math.pi * hertz(name) * t
                tone = math.sin(turn) + 0.35 * math.sin(2 * turn) + 0.12 * math.sin(3 * turn) * math.exp(-t / 0.1)
                sound[at] += loudness * envelope * tone
            start += beats * beat
    play(tune, 0.42, 0.55)
    play(bass, 0.26, 0.8)
    loudest = max(abs(sample) for sample in sound)
    scale = 0.8 / loudest
    frames = b"".join(struct.pack("<h", round(32767 * scale * sample)) for sample in sound)
    path = HERE / "sounds" / "melody.wav"
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(frames)


if __name__ == "__main__":
    for name, make in [("one", morning), ("two", sea), ("three", forest), ("four", dunes), ("five", night)]:
        make().save(HERE / "slides" / f"{name}.png")
    for name, picture in [
            ("duke-orsino", card("7a1f3d", "3a2418", "e9bd93", "3d1030", hat="c9a23a")),
            ("curio", card("2f6f4f", "b5772e", "f0c8a0", "1c4733")),
            ("valentine", card("2d4f8b", "1f1a18", "c98f63", "1a2f57", hat="8fb2e6")),
            ("viola", card("d98f2b", "6b3a1c", "f3cfa9", "8a4b12", curls=True)),
            ("unknown", unknown_card())]:
        picture.save(HERE / "cards" / f"{name}.png")
    melody()

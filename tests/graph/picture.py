"""A PNG as chromium writes it, by its pixels."""

import struct
import zlib


class Picture:
    """What can be said of a screenshot without looking at it."""

    def __init__(self, path):
        data = path.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n", "not a PNG"
        chunks, at = {}, 8
        while at < len(data):
            length, kind = struct.unpack(">I4s", data[at:at + 8])
            chunks[kind] = chunks.get(kind, b"") + data[at + 8:at + 8 + length]
            at += 12 + length
        width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
        assert depth == 8 and colour in (2, 6), (depth, colour)
        self.size = (width, height)
        pixels = self._pixels(zlib.decompress(chunks[b"IDAT"]), width, height, 3 if colour == 2 else 4)
        self.colours = len(set(pixels))
        self.brightness = sum(map(sum, pixels)) / 3 / len(pixels)
        self.vivid = sum(max(pixel) - min(pixel) > 60 for pixel in pixels) / len(pixels)

    @staticmethod
    def _pixels(raw, width, height, channels):
        """The colours of every third line; the filters of a PNG need the lines between."""
        stride, before, found = width * channels, bytearray(width * channels), []
        for row in range(height):
            start = row * (stride + 1)
            line = bytearray(raw[start + 1:start + 1 + stride])
            unfilter(raw[start], line, before, channels)
            before = line
            if row % 3 == 0:
                found += [tuple(line[at:at + 3]) for at in range(0, stride, channels)]
        return found


def unfilter(kind, line, before, channels):
    """Undoes the filter of one line. (PNG specification, section 9)"""
    for at in range(len(line)) if kind else ():
        left = line[at - channels] if at >= channels else 0
        up, corner = before[at], before[at - channels] if at >= channels else 0
        if kind == 4:
            guess = left + up - corner
            distances = [abs(guess - value) for value in (left, up, corner)]
            add = (left, up, corner)[distances.index(min(distances))]
        else:
            add = (0, left, up, (left + up) // 2)[kind]
        line[at] = (line[at] + add) & 255

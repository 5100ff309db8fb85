#!/usr/bin/env python3
"""Lists and restores snapshots of a Cairn packed repository, format 1, that lies in a folder.

Written from docs/repository-format.md alone, as a second opinion on the format and as a way out when no Java is at hand. It never writes
to the repository. Section signs in comments are those of that page. Needs Python 3.9 and the packages cryptography and zstandard.

    cairn_restore.py --repository DIR (--key-file FILE | --recovery-code-file FILE) [--snapshot ID] list
    cairn_restore.py --repository DIR (--key-file FILE | --recovery-code-file FILE) [--snapshot ID] restore --to DIR [--dataset NAME] [--path P]

Each dataset goes to DIR/<dataset>, which must be absent or empty. Owners and groups are not restored. Without --snapshot the newest is taken.

Exit code 0: all that was asked for is done. 1: something is damaged or could not be written; a line on standard error names each such thing,
all else was restored, and no file holds a wrong byte. 2: it could not be begun or carried on: wrong key, no such snapshot, target in the way.
"""

import argparse
import base64
import binascii
import errno
import functools
import hashlib
import hmac
import json
import os
import re
import stat
import struct
import sys
from typing import NamedTuple, Optional

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MIB = 1 << 20
FRAME, TAG, PREFIX, HEADER = 16384, 16, 64, 96
PACK, INDEX, MANIFEST, CONDEMNED = 1, 2, 3, 6
FOLDER, FILE, SYMLINK, HARD_LINK = 0, 1, 2, 3
TOMBSTONE = b"tombstone\n"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SNAPSHOT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
DATASET_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")


class Damaged(Exception):
    """Something stored is not what it should be; the message begins with its name."""


class Refused(Exception):
    """What was asked for cannot be done, though nothing need be damaged."""


def say(kind, message):
    print("%s: %s" % (kind, shown(str(message))), file=sys.stderr)


def shown(text):
    """The text on one line: a stored name must not drive a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


# ---------------------------------------------------------------- bytes


def hmac256(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def hkdf(ikm, info, length):
    """RFC 5869 with SHA-256 and an empty salt."""
    key, out, last = hmac256(b"", ikm), b"", b""
    for i in range(1, -(-length // 32) + 1):
        last = hmac256(key, last, info, bytes([i]))
        out += last
    return out[:length]


def padme(length):
    """§5: the padded length, for a length of at least 2."""
    e = length.bit_length() - 1
    s = e.bit_length()
    unit = 1 << (e - s)
    return -(-length // unit) * unit


class Fields:
    """Reads one field after the other; running over the end is damage, never an endless loop or a large allocation."""

    def __init__(self, data, what):
        self.data, self.at, self.what = data, 0, what

    def bad(self, why):
        return Damaged("%s: %s at byte %d" % (self.what, why, self.at))

    def more(self):
        return self.at < len(self.data)

    def take(self, count):
        if count > len(self.data) - self.at:
            raise self.bad("ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def u8(self):
        return self.take(1)[0]

    def u32(self):
        return int.from_bytes(self.take(4), "big")

    def u64(self):
        return int.from_bytes(self.take(8), "big")

    def varint(self):
        value = 0
        for shift in range(0, 70, 7):
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value >> 63:
                    break
                return value
        raise self.bad("number too large")

    def zigzag(self):
        n = self.varint()
        return (n >> 1) ^ -(n & 1)

    def raw_text(self):
        return self.take(self.varint())

    def text(self):
        return self.utf8(self.raw_text())

    def utf8(self, raw):
        try:
            return bytes(raw).decode("utf-8")
        except UnicodeDecodeError:
            raise self.bad("text that is not UTF-8") from None


def parse_json(data, what):
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Damaged("%s: is not JSON" % what) from None
    if not isinstance(value, dict):
        raise Damaged("%s: is not a JSON object" % what)
    return value


# ---------------------------------------------------------------- §1 the store


class Blob(NamedTuple):
    name: str
    path: str
    size: int

    def read(self, offset=0, length=None):
        length = self.size - offset if length is None else length
        try:
            with open(self.path, "rb") as file:
                file.seek(offset)
                data = file.read(length)
        except OSError as trouble:
            raise Damaged("%s: cannot be read: %s" % (self.name, trouble.strerror)) from None
        if len(data) != length:
            raise Damaged("%s: ends too early" % self.name)
        return data

    def sha256(self):
        digest = hashlib.sha256()
        for offset in range(0, self.size, MIB):
            digest.update(self.read(offset, min(MIB, self.size - offset)))
        return digest.hexdigest()


class Store:
    def __init__(self, root):
        self.root = root
        if not os.path.isdir(root):
            raise Refused("%s is no folder" % root)

    def list(self, folder, pattern=".*"):
        """Blobs below a folder, by name; others that do not fit the pattern, such as a store's temporary files, are passed over."""
        found, top = [], os.path.join(self.root, folder)
        for parent, _, files in os.walk(top):
            for file in files:
                path = os.path.join(parent, file)
                name = os.path.relpath(path, self.root).replace(os.sep, "/")
                if re.fullmatch(pattern, name):
                    blob = self.stat(name)
                    found += [blob] if blob else []
        return sorted(found)

    def stat(self, name) -> Optional[Blob]:
        path = os.path.join(self.root, *name.split("/"))
        try:
            return Blob(name, path, os.stat(path).st_size)
        except OSError:
            return None

    def small(self, name, limit=64 * 1024):
        """The whole body of a blob that has no reason to be large."""
        blob = self.stat(name)
        if blob is None:
            raise Damaged("%s: is missing" % name)
        if blob.size > limit:
            raise Damaged("%s: is too large" % name)
        return blob.read()


# ---------------------------------------------------------------- §2, §3 repository and keys


class Keys:
    def __init__(self, repository):
        self.repository = repository
        self.masters = {}
        self.dedup = b""

    def add(self, epoch, secrets):
        self.masters[epoch] = secrets[:32]
        self.dedup = secrets[32:]

    @property
    def chunk_id(self):
        return hkdf(self.dedup, b"cairn 1 chunk id", 32)

    def object(self, epoch):
        return hkdf(self.masters[epoch], b"cairn 1 object", 32)


def read_repository_id(store):
    """The id from cairn.json or, if that is damaged, from slots that agree."""
    try:
        config = parse_json(store.small("cairn.json"), "cairn.json")
        repository, version = config.get("repository"), config.get("version")
        if config.get("format") != "cairn-packed" or not re.fullmatch("[0-9a-f]{32}", str(repository)):
            raise Damaged("cairn.json: is no description of a repository")
        if type(version) is not int or version < 1:
            raise Damaged("cairn.json: has no version")
        features = config.get("features")
        unknown = features.get("read", []) if isinstance(features, dict) else []
    except Damaged as trouble:
        ids = {slot["repository"] for slot in read_slots(store, lambda ignored: None)}
        if len(ids) != 1:
            raise
        say("damaged", trouble)
        return bytes.fromhex(ids.pop())
    if version > 1:
        raise Refused("the repository has format version %d, this program knows 1" % version)
    if unknown:
        raise Refused("reading needs features that this program does not know: %s" % unknown)
    return bytes.fromhex(repository)


SLOT_TEXTS = ("slot", "repository", "type", "label", "created", "salt", "commitment", "wrapped", "digest")


def read_slots(store, damaged):
    """Each slot whose digest fits; the others are told to damaged."""
    for blob in store.list("keys", "keys/[0-9a-f]{16}"):
        try:
            slot = parse_json(store.small(blob.name), blob.name)
            if not all(isinstance(slot.get(field), str) for field in SLOT_TEXTS) or type(slot.get("epoch")) is not int:
                raise Damaged("%s: is no key slot" % blob.name)
            fields = ("slot", "repository", "epoch", "type", "label", "created", "salt", "commitment", "wrapped")
            text = "\n".join(str(slot[field]) for field in fields)
            digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
            if digest != slot["digest"] or "keys/" + slot["slot"] != blob.name:
                raise Damaged("%s: its digest or its name does not fit" % blob.name)
            if not re.fullmatch("[0-9a-f]{32}", slot["repository"]) or not 0 <= slot["epoch"] < 1 << 32:
                raise Damaged("%s: has a field that cannot be" % blob.name)
            for field in ("salt", "commitment", "wrapped"):
                slot[field] = base64.b64decode(slot[field], validate=True)
            yield slot
        except binascii.Error:
            damaged(Damaged("%s: has bad base64" % blob.name))
        except Damaged as trouble:
            damaged(trouble)


def open_slot(slot, repository, secret):
    """The 64 bytes of secrets, or None if the secret is not for this slot."""
    info = b"cairn 1 slot" + repository + bytes.fromhex(slot["slot"]) + struct.pack(">I", slot["epoch"])
    okm = hkdf(secret + slot["salt"], info, 64)
    if not hmac.compare_digest(okm[32:], slot["commitment"]):
        return None
    try:
        secrets = AESGCM(okm[:32]).decrypt(bytes(12), slot["wrapped"], None)
    except (InvalidTag, ValueError):
        raise Damaged("keys/%s: the wrapped secrets are damaged" % slot["slot"]) from None
    if len(secrets) != 64:
        raise Damaged("keys/%s: wraps %d bytes instead of 64" % (slot["slot"], len(secrets)))
    return secrets


def unlock(store, secret):
    """Opens every slot that the secret fits: each may bring the master secret of another epoch."""
    keys, troubles, seen = Keys(read_repository_id(store)), [], 0
    for slot in read_slots(store, troubles.append):
        if slot["repository"] != keys.repository.hex():
            continue
        seen += 1
        try:
            secrets = open_slot(slot, keys.repository, secret)
            if secrets:
                keys.add(slot["epoch"], secrets)
        except Damaged as trouble:
            troubles.append(trouble)
    for trouble in troubles:
        say("damaged", trouble)
    if not keys.masters:
        raise Refused("the key opens none of the %d usable key slots of this repository" % seen)
    return keys


def secret_of_key_file(data):
    """32 bytes as they are, or as 64 hexadecimal digits."""
    text = data.strip()
    if len(data) != 32 and re.fullmatch(rb"[0-9a-fA-F]{64}", text):
        return bytes.fromhex(text.decode())
    if len(data) != 32:
        raise Refused("the key file holds neither 32 bytes nor 64 hexadecimal digits")
    return data


def base32(data):
    bits = "".join(format(byte, "08b") for byte in data)
    return "".join(CROCKFORD[int(bits[i : i + 5].ljust(5, "0"), 2)] for i in range(0, len(bits), 5))


def secret_of_recovery_code(text):
    code = re.sub(r"[\s-]", "", text).upper().translate(str.maketrans("ILO", "110"))
    if len(code) != 56 or any(c not in CROCKFORD for c in code):
        raise Refused("the recovery code is not 14 groups of 4 letters and digits")
    value = 0
    for c in code[:52]:
        value = value << 5 | CROCKFORD.index(c)
    secret = (value >> 4).to_bytes(32, "big")
    if value & 15 or base32(hashlib.sha256(secret).digest())[:4] != code[52:]:
        raise Refused("the recovery code has a typing error: its last group does not fit")
    return secret


# ---------------------------------------------------------------- §5 containers


class Container:
    """An opened container: its key is checked; frames are decrypted as they are asked for."""

    def __init__(self, keys, kind, blob):
        self.blob = blob
        if blob.size < HEADER + TAG:
            raise self.bad("is too short")
        header = blob.read(0, HEADER)
        if header[:10] != b"\x89CAIRN\r\n\x01\x01" or header[10] != kind or header[11] != 0:
            raise self.bad("has no right header")
        epoch = int.from_bytes(header[12:16], "big")
        if header[16:32] != keys.repository or epoch not in keys.masters:
            raise self.bad("belongs to another repository or epoch")
        name = b"" if kind in (PACK, INDEX) else blob.name.encode()
        okm = hkdf(keys.object(epoch), header[:PREFIX] + name, 64)
        if not hmac.compare_digest(okm[32:], header[PREFIX:]):
            raise self.bad("does not fit its key and name")
        self.cipher = AESGCM(okm[:32])
        self.frames = -(-(blob.size - HEADER) // (FRAME + TAG))
        plaintext = blob.size - HEADER - TAG * self.frames
        self.length = int.from_bytes(self._plain(0, 8), "big")
        if plaintext < 8 or self.length > plaintext - 8 or padme(8 + self.length) != plaintext:
            raise self.bad("has a length that cannot be")

    def bad(self, why):
        return Damaged("%s: %s" % (self.blob.name, why))

    def read(self, offset, length):
        """A part of the body."""
        if offset < 0 or length < 0 or offset + length > self.length:
            raise self.bad("is asked for bytes beyond its end")
        return self._plain(8 + offset, length)

    def body(self, limit):
        if self.length > limit:
            raise self.bad("is too large")
        return self.read(0, self.length)

    def _plain(self, offset, length):
        first, last = offset // FRAME, max(offset, offset + length - 1) // FRAME
        plain = b"".join(self._frame(i) for i in range(first, last + 1))
        part = plain[offset - first * FRAME :][:length]
        if len(part) != length:
            raise self.bad("ends too early")
        return part

    def _frame(self, i):
        start = HEADER + i * (FRAME + TAG)
        sealed = self.blob.read(start, max(0, min(FRAME + TAG, self.blob.size - start)))
        nonce = i.to_bytes(11, "big") + bytes([i == self.frames - 1])
        try:
            return self.cipher.decrypt(nonce, sealed, None)
        except (InvalidTag, ValueError):
            raise self.bad("frame %d is damaged" % i) from None


# ---------------------------------------------------------------- §6, §7 packs and index


class Place(NamedTuple):
    """Where a chunk lies: a block in the body of a pack, and the chunk's part of the block's raw bytes."""

    pack: str
    offset: int
    stored: int
    raw: int
    codec: int
    start: int
    length: int


def read_directory(data, pack, end, what):
    """(chunk id, place) of each chunk; end is where the blocks must end, None if that is not known."""
    fields, offset = Fields(data, what), 0
    for _ in range(fields.u32()):
        stored, raw, codec, chunks = fields.u32(), fields.u32(), fields.u8(), fields.u32()
        if not 1 <= stored <= raw <= 16 * MIB or codec > 1 or (codec == 0 and stored != raw):
            raise fields.bad("a block that cannot be")
        start = 0
        for _ in range(chunks):
            chunk, length = fields.take(32), fields.u32()
            if not 1 <= length <= 8 * MIB or start + length > raw:
                raise fields.bad("a chunk that cannot be")
            yield chunk, Place(pack, offset, stored, raw, codec, start, length)
            start += length
        if start != raw:
            raise fields.bad("a block that is not the sum of its chunks")
        offset += stored
    if fields.more() or (end is not None and offset != end):
        raise fields.bad("a directory that does not fit its pack")


class Packs:
    """Finds and checks chunks. Packs that are condemned or known to be damaged are used last; packs' own directories stand in for the index."""

    def __init__(self, store, keys):
        self.store, self.keys, self.chunk_key = store, keys, keys.chunk_id
        self.places, self.scanned, self.containers = {}, False, {}
        self.damaged = {blob.name[8:] for blob in store.list("damaged")}
        self.condemned = self._read_condemned()
        self.listed = self._list()
        for blob in store.list("index", "index/[0-9a-f]{64}"):
            try:
                self._add(self._read_segment(blob))
            except Damaged as trouble:
                say("damaged", "%s; the packs' own directories are used where it is missed" % trouble)

    def _list(self):
        return {blob.name[9:]: blob for blob in self.store.list("packs", "packs/([0-9a-f]{2})/\\1[0-9a-f]{62}")}

    def _add(self, found):
        for chunk, place in found:
            places = self.places.setdefault(chunk, [])
            if place not in places:
                places.append(place)

    def _read_condemned(self):
        packs = set()
        for blob in self.store.list("condemned", "condemned/[0-9]+"):
            try:
                body = Container(self.keys, CONDEMNED, blob).body(64 * MIB)
                packs.update(body[i : i + 32].hex() for i in range(0, len(body), 32))
            except Damaged as trouble:
                say("damaged", trouble)
        return packs

    def _read_segment(self, blob):
        if blob.sha256() != blob.name[6:]:
            raise Damaged("%s: is not what its name says" % blob.name)
        fields, found = Fields(Container(self.keys, INDEX, blob).body(256 * MIB), blob.name), []
        while fields.more():
            pack, size, directory = fields.take(32).hex(), fields.u64(), fields.take(fields.u32())
            places = list(read_directory(directory, pack, None, blob.name))
            if pack in self.listed and self.listed[pack].size == size:
                found += places
        return found

    def _scan(self):
        """Reads the directories of all packs that are there now: blocks may have moved while we read."""
        self.scanned, self.listed = True, self._list()
        for pack, blob in self.listed.items():
            try:
                container = Container(self.keys, PACK, blob)
                length = int.from_bytes(container.read(container.length - 4, 4), "big")
                start = container.length - 4 - length
                if length > 64 * MIB or start < 0:
                    raise container.bad("has a directory that cannot be")
                self._add(list(read_directory(container.read(start, length), pack, start, blob.name)))
            except Damaged as trouble:
                say("damaged", trouble)

    def _rank(self, place):
        return 2 * (place.pack in self.damaged) + (place.pack in self.condemned)

    @functools.lru_cache(maxsize=16)
    def chunk(self, chunk):
        """The bytes of a chunk, checked against its id, from the best place that has it."""
        while True:
            trouble = "no pack has it"
            for place in sorted(self.places.get(chunk, ()), key=self._rank):
                try:
                    data = self._block(place[:5])[place.start : place.start + place.length]
                    if hmac256(self.chunk_key, data) == chunk:
                        return data
                    trouble = "packs/%s/%s: holds other bytes than its directory says" % (place.pack[:2], place.pack)
                except Damaged as found:
                    trouble = found
            if self.scanned:
                raise Damaged("chunk %s: %s" % (chunk.hex(), trouble))
            self._scan()

    @functools.lru_cache(maxsize=8)
    def _block(self, block):
        pack, offset, stored, raw, codec = block
        container = self._container(pack)
        data = container.read(offset, stored)
        if codec == 0:
            return data
        try:
            if zstandard.get_frame_parameters(data).content_size != raw:
                raise container.bad("has a block of another size than its directory says")
            decoder = zstandard.ZstdDecompressor().decompressobj()
            data = decoder.decompress(data)
        except zstandard.ZstdError:
            raise container.bad("has a block that does not decompress") from None
        if len(data) != raw or not decoder.eof or decoder.unused_data:
            raise container.bad("has a block that is not one zstd frame")
        return data

    def _container(self, pack):
        """The open pack. One that is not what its name says is damaged; frames of it that authenticate are right all the same."""
        if pack not in self.containers:
            blob = self.listed.get(pack)
            if blob is None:
                raise Damaged("packs/%s/%s: is missing" % (pack[:2], pack))
            if pack not in self.damaged and blob.sha256() != pack:
                self.damaged.add(pack)
                say("damaged", "%s: is not what its name says" % blob.name)
            self.containers[pack] = Container(self.keys, PACK, blob)
        return self.containers[pack]


# ---------------------------------------------------------------- §8 listings


class Entry(NamedTuple):
    path: str
    type: int
    size: int
    modified: Optional[int]  # nanoseconds since 1970
    mode: Optional[int]
    target: Optional[str]
    extents: tuple  # of (chunk id, offset, length)


def components(path):
    """What paths are ordered by."""
    return path.encode("utf-8").split(b"/")


def is_below(path, top):
    return top == "" or path == top or path.startswith(top + "/")


def check_path(path, fields):
    parts = path.split("/")
    if path and (any(part in ("", ".", "..") for part in parts) or "\0" in path or len(path) > 4096):
        raise fields.bad("the path %r, which leads astray" % path)
    if os.name == "nt" and re.search(r'[\\:*?"<>|]', path):
        raise fields.bad("the path %r, which this system cannot hold" % path)


def read_instant(fields):
    seconds, nanos = fields.zigzag(), fields.varint()
    if nanos >= 10**9:
        raise fields.bad("a time that cannot be")
    return seconds * 10**9 + nanos


def read_extents(fields, size):
    extents, left = [], size
    while left > 0:
        chunk, offset, length = bytes(fields.take(32)), fields.varint(), fields.varint()
        if not 1 <= length <= left or offset + length > 8 * MIB:
            raise fields.bad("an extent that cannot be")
        extents.append((chunk, offset, length))
        left -= length
    return tuple(extents)


def read_entry(fields, before):
    shared, suffix = fields.varint(), fields.raw_text()
    if shared > len(before):
        raise fields.bad("a path that shares more than there is")
    path = fields.utf8(before[:shared] + suffix)
    check_path(path, fields)
    kind, flags = fields.u8(), fields.u8()
    if kind > HARD_LINK or flags > 63 or (flags & 32 and kind != FILE) or (path == "" and kind != FOLDER):
        raise fields.bad("an entry that cannot be")
    modified = read_instant(fields) if flags & 1 else None
    mode = fields.varint() if flags & 2 else None
    if mode is not None and mode > 0o777:
        raise fields.bad("a mode that cannot be")
    for flag in (4, 8):  # owner, group
        if flags & flag:
            fields.text()
    if flags & 16:
        read_instant(fields)
        fields.text()
    target = fields.text() if kind in (SYMLINK, HARD_LINK) else None
    if target is not None and (target == "" or "\0" in target):
        raise fields.bad("a link without a target")
    size, extents = 0, ()
    if kind == FILE:
        size = fields.varint()
        extents = read_extents(fields, size)
    if flags & 32:
        page = fields.varint()
        if page < 1:
            raise fields.bad("pages of no size")
        read_extents(fields, 16 * -(-size // page))
    return Entry(path, kind, size, modified, mode, target, extents)


class Listing:
    """The entries of one dataset. A damaged leaf or node is reported and passed over, the others are still read."""

    def __init__(self, packs, root, what, report):
        self.packs, self.root, self.what, self.report = packs, root, what, report

    def entries(self):
        self.last, self.non_folder, self.lost = None, None, 0
        if self.root is not None:
            yield from self._walk(self.root, None, None)

    def _walk(self, chunk, level, first):
        what = "listing of %s, chunk %s" % (self.what, chunk.hex())
        fields = Fields(self._get(chunk), what)
        found = fields.u8()
        if found > 15 or (level is not None and found != level) or not fields.more():
            raise fields.bad("a level that cannot be, or nothing")
        if found == 0:
            yield from self._leaf(fields, first)
            return
        while fields.more():
            path, child, below = fields.text(), bytes(fields.take(32)), fields.varint()
            if first is not None and path != first:
                raise fields.bad("other entries than the node above says")
            first, seen, lost = None, 0, self.lost
            try:
                for entry in self._walk(child, found - 1, path):
                    seen += 1
                    yield entry
                if seen != below and lost == self.lost:
                    raise fields.bad("%d entries where the node says %d" % (seen, below))
            except Damaged as trouble:
                self.lost += 1
                self.report(trouble)

    def _leaf(self, fields, first):
        before = b""
        while fields.more():
            entry = read_entry(fields, before)
            before = entry.path.encode("utf-8")
            if first is not None and entry.path != first:
                raise fields.bad("other entries than the node above says")
            first = None
            if self.last is not None and components(entry.path) <= components(self.last):
                raise fields.bad("paths that do not rise")
            if self.non_folder is not None and is_below(entry.path, self.non_folder):
                raise fields.bad("an entry below %r, which is no folder" % self.non_folder)
            self.last = entry.path
            if entry.type != FOLDER:
                self.non_folder = entry.path
            yield entry

    def _get(self, chunk):
        try:
            return self.packs.chunk(chunk)
        except Damaged as trouble:
            raise Damaged("listing of %s: %s" % (self.what, trouble)) from None


# ---------------------------------------------------------------- §9 snapshots


class Dataset(NamedTuple):
    name: str
    kind: str
    present: bool
    root: Optional[bytes]


class Snapshot(NamedTuple):
    id: str
    sequence: int
    json: dict
    datasets: list


def read_snapshot(keys, blob):
    """The manifest, or None for a tombstone."""
    if blob.size == len(TOMBSTONE) and blob.read() == TOMBSTONE:
        return None
    manifest = parse_json(Container(keys, MANIFEST, blob).body(64 * MIB), blob.name)
    sequence, datasets = manifest.get("sequence"), manifest.get("datasets")
    if (
        manifest.get("format") != "cairn-packed"
        or manifest.get("formatVersion") != 1
        or "snapshots/" + str(manifest.get("id")) != blob.name
        or type(sequence) is not int
        or not isinstance(datasets, list)
    ):
        raise Damaged("%s: is no manifest of this id and of format version 1" % blob.name)
    return Snapshot(manifest["id"], sequence, manifest, [read_dataset(value, blob.name) for value in datasets])


def read_dataset(value, what):
    value = value if isinstance(value, dict) else {}
    name, root = value.get("name"), value.get("root")
    if not isinstance(name, str) or not DATASET_NAME.fullmatch(name):
        raise Damaged("%s: has a dataset whose name is not allowed" % what)
    if root is not None and not (isinstance(root, str) and re.fullmatch("[0-9a-f]{64}", root)):
        raise Damaged("%s: has a root that is no chunk id" % what)
    return Dataset(name, str(value.get("kind")), value.get("present") is not False, bytes.fromhex(root) if root else None)


def all_snapshots(store, keys):
    """Snapshots in their order, and the troubles of those that cannot be read."""
    snapshots, troubles = [], []
    for blob in store.list("snapshots", "snapshots/" + SNAPSHOT_ID.pattern):
        try:
            snapshot = read_snapshot(keys, blob)
            snapshots += [snapshot] if snapshot else []
        except Damaged as trouble:
            troubles.append(trouble)
    return sorted(snapshots, key=lambda snapshot: snapshot.sequence), troubles


def choose_snapshot(store, keys, wanted):
    if wanted is not None:
        blob = store.stat("snapshots/" + wanted) if SNAPSHOT_ID.fullmatch(wanted) else None
        snapshot = read_snapshot(keys, blob) if blob else None
        if snapshot is None:
            raise Refused("there is no snapshot %s" % wanted)
        return snapshot
    snapshots, troubles = all_snapshots(store, keys)
    if troubles:  # never an older one in silence
        raise Damaged("%s; it may be the newest: name one with --snapshot" % troubles[0])
    if not snapshots:
        raise Refused("the repository has no snapshot")
    return snapshots[-1]


# ---------------------------------------------------------------- restore


class Restore:
    """Puts one dataset below a folder that was not there. Links come last and folders are made by us, so nothing is written through a link."""

    def __init__(self, packs, listing, root, top, report):
        self.packs, self.listing, self.root, self.top, self.report = packs, listing, root, top, report
        self.made, self.folders, self.links, self.symlinks = set(), [], [], []
        self.files = set()

    def run(self):
        found = 0
        for entry in self.listing.entries():
            if is_below(entry.path, self.top):
                found += 1
                self._try(entry, self._first_pass)
        self._lost_first_names()
        for entry in self.links:
            self._try(entry, self._hard_link)
        for entry in self.symlinks:
            self._try(entry, self._symlink)
        for entry in reversed(self.folders):  # what is in a folder first: its time changes with what is put in
            self._try(entry, self._attributes)
        return found

    def _try(self, entry, step):
        try:
            step(entry)
        except Damaged as trouble:
            self.report("%s/%s: not restored: %s" % (self.listing.what, entry.path, trouble))
        except OSError as trouble:
            if trouble.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
                raise
            self.report("%s/%s: not restored: %s" % (self.listing.what, entry.path, trouble.strerror))
        except (OverflowError, ValueError) as trouble:
            self.report("%s/%s: not restored as it was: %s" % (self.listing.what, entry.path, trouble))

    def _first_pass(self, entry):
        if entry.type == FOLDER:
            self._folder(entry.path)
            self.folders.append(entry)
        elif entry.type == FILE:
            self._file(entry, entry.path)
        else:
            (self.links if entry.type == HARD_LINK else self.symlinks).append(entry)

    def _place(self, path):
        return os.path.join(self.root, *path.split("/")) if path else self.root

    def _folder(self, path):
        """Makes the folder and those above it, each at most once: one that exists and is not ours is in the way."""
        if path == "" or path in self.made:
            return
        self._folder(path.rpartition("/")[0])
        os.mkdir(self._place(path), 0o700)
        self.made.add(path)

    def _file(self, entry, path):
        self._folder(path.rpartition("/")[0])
        place = self._place(path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        file = os.fdopen(os.open(place, flags, 0o600), "wb")
        try:
            with file:
                for chunk, offset, length in entry.extents:
                    data = self.packs.chunk(chunk)
                    if offset + length > len(data):
                        raise Damaged("an extent beyond the end of chunk %s" % chunk.hex())
                    file.write(data[offset : offset + length])
        except BaseException:
            os.unlink(place)
            raise
        self.files.add(path)
        self._attributes(entry._replace(path=path))

    def _lost_first_names(self):
        """Hard links to files outside of what was asked for: the first such link becomes the file."""
        if self.top == "" or not self.links:
            return
        wanted = {}
        for link in self.links:
            if not is_below(link.target, self.top):
                wanted.setdefault(link.target, []).append(link)
        for entry in self.listing.entries() if wanted else ():
            if entry.type == FILE and entry.path in wanted:
                first, *others = wanted[entry.path]
                self._try(entry, lambda entry: self._file(entry, first.path))
                self.links.remove(first)
                for link in others:
                    self.links[self.links.index(link)] = link._replace(target=first.path)

    def _hard_link(self, entry):
        if entry.target not in self.files:
            raise Damaged("the file %r that it is another name of is not there" % entry.target)
        self._folder(entry.path.rpartition("/")[0])
        os.link(self._place(entry.target), self._place(entry.path), follow_symlinks=False)

    def _symlink(self, entry):
        self._folder(entry.path.rpartition("/")[0])
        os.symlink(entry.target, self._place(entry.path))
        if entry.modified is not None and os.utime in os.supports_follow_symlinks:
            os.utime(self._place(entry.path), ns=(entry.modified, entry.modified), follow_symlinks=False)

    def _attributes(self, entry):
        place = self._place(entry.path)
        if entry.mode is not None:
            os.chmod(place, entry.mode)
        if entry.modified is not None:
            os.utime(place, ns=(entry.modified, entry.modified))


def make_target(path):
    """The folder of a dataset: new or, if it is there, a real and empty one."""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.mkdir(path, 0o700)
    except FileExistsError:
        if not stat.S_ISDIR(os.lstat(path).st_mode) or os.listdir(path):
            raise Refused("%s is in the way: it must be absent or an empty folder" % path) from None


def restore(store, keys, snapshot, options):
    chosen = [dataset for dataset in snapshot.datasets if options.dataset in (None, dataset.name) and dataset.present]
    if not chosen:
        raise Refused("snapshot %s has no dataset to restore%s" % (snapshot.id, options.dataset and " named " + options.dataset or ""))
    packs, troubles, found = Packs(store, keys), [], 0

    def report(trouble):
        troubles.append(trouble)
        say("damaged", trouble)

    top = (options.path or "").strip("/")
    targets = [os.path.join(os.path.abspath(options.to), dataset.name) for dataset in chosen]
    for target in targets:
        make_target(target)
    for dataset, target in zip(chosen, targets):
        listing = Listing(packs, dataset.root, dataset.name, report)
        try:
            found += Restore(packs, listing, target, top, report).run()
        except Damaged as trouble:
            report(trouble)
    if top and not found and not troubles:
        raise Refused("snapshot %s has nothing at %s" % (snapshot.id, shown(top)))
    return 1 if troubles else 0


# ---------------------------------------------------------------- list


def list_snapshots(store, keys):
    snapshots, troubles = all_snapshots(store, keys)
    for snapshot in snapshots:
        marks = sorted({blob.name.split("/")[2] for blob in store.list("marks/" + snapshot.id)})
        names = [dataset.name for dataset in snapshot.datasets if dataset.present]
        facts = [snapshot.id, snapshot.json.get("createdAt"), snapshot.json.get("trigger"), snapshot.json.get("totalBytes")]
        print("\t".join(shown(str(fact)) for fact in facts + [",".join(names), ",".join(marks), snapshot.json.get("label", "")]))
    for trouble in troubles:
        say("damaged", trouble)
    return 1 if troubles else 0


def list_entries(store, keys, snapshot):
    packs, troubles = Packs(store, keys), []

    def report(trouble):
        troubles.append(trouble)
        say("damaged", trouble)

    for dataset in snapshot.datasets:
        try:
            for entry in Listing(packs, dataset.root, dataset.name, report).entries():
                link = " -> " + entry.target if entry.target else ""
                mode = "---" if entry.mode is None else "%03o" % entry.mode
                print("%s %s %12d %s" % ("dflh"[entry.type], mode, entry.size, shown(dataset.name + "/" + entry.path + link)))
        except Damaged as trouble:
            report(trouble)
    return 1 if troubles else 0


# ---------------------------------------------------------------- command line


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description="Lists and restores snapshots of a Cairn packed repository.")
    parser.add_argument("--repository", required=True, metavar="DIR")
    key = parser.add_mutually_exclusive_group(required=True)
    key.add_argument("--key-file", metavar="FILE")
    key.add_argument("--recovery-code-file", metavar="FILE")
    parser.add_argument("--snapshot", metavar="ID")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the snapshots or, with --snapshot, the entries of one")
    restoring = commands.add_parser("restore", help="put a snapshot's datasets below a folder")
    restoring.add_argument("--to", required=True, metavar="DIR")
    restoring.add_argument("--dataset", metavar="NAME")
    restoring.add_argument("--path", metavar="P", help="only this entry and what is below it")
    return parser.parse_args(arguments)


def read_secret(options):
    with open(options.key_file or options.recovery_code_file, "rb") as file:
        data = file.read(4096)
    return secret_of_key_file(data) if options.key_file else secret_of_recovery_code(data.decode("ascii", "replace"))


def run(options):
    store = Store(options.repository)
    keys = unlock(store, read_secret(options))
    if options.command == "restore":
        return restore(store, keys, choose_snapshot(store, keys, options.snapshot), options)
    if options.snapshot is None:
        return list_snapshots(store, keys)
    return list_entries(store, keys, choose_snapshot(store, keys, options.snapshot))


def main(arguments=None):
    try:
        return run(parse_arguments(arguments))
    except Damaged as trouble:
        say("damaged", trouble)
        return 1
    except Refused as trouble:
        say("error", trouble)
        return 2
    except OSError as trouble:
        say("error", trouble)
        return 2


if __name__ == "__main__":
    sys.exit(main())

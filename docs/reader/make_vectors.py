#!/usr/bin/env python3
"""Makes the test vectors of docs/repository-format.md, §13, from that text alone: python3 make_vectors.py DIR.

All secrets are fixed and nothing is random, so a second run makes the same bytes (those of repository/store as long as libzstd stays the same).
Every secret here is public: none may ever protect anything.

Stated input is made by the generator stream(seed, size): SHA-256(UTF-8 seed ‖ u64 i) for i = 0, 1, 2 …, joined and cut to size bytes.
"""

import base64
import hashlib
import hmac
import json
import os
import shutil
import struct
import sys

import zstandard
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KIB, MIB = 1 << 10, 1 << 20
GENERATOR = "stream(seed, size): SHA-256(UTF-8 seed || u64 i) for i = 0, 1, 2, ... joined and cut to size bytes"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CREATED = "2026-01-01T00:00:00Z"


def stream(seed, size):
    count = -(-size // 32)
    return b"".join(hashlib.sha256(seed.encode() + struct.pack(">Q", i)).digest() for i in range(count))[:size]


def fixed(what, size=32):
    return stream("cairn vector " + what, size)


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf(ikm, info, size):
    return HKDF(algorithm=SHA256(), length=size, salt=None, info=info).derive(ikm)


REPOSITORY = fixed("repository", 16)
EPOCH = 1
MASTER, DEDUP = fixed("master"), fixed("dedup")
OBJECT_KEY, SALT_KEY = hkdf(MASTER, b"cairn 1 object", 32), hkdf(MASTER, b"cairn 1 salt", 32)
CHUNK_ID_KEY, GEAR_KEY = hkdf(DEDUP, b"cairn 1 chunk id", 32), hkdf(DEDUP, b"cairn 1 gear", 32)
SECRETS = {
    "repository": REPOSITORY.hex(),
    "epoch": EPOCH,
    "master": MASTER.hex(),
    "dedup": DEDUP.hex(),
    "objectKey": OBJECT_KEY.hex(),
    "saltKey": SALT_KEY.hex(),
    "chunkIdKey": CHUNK_ID_KEY.hex(),
    "gearKey": GEAR_KEY.hex(),
}


# ---------------------------------------------------------------- fields


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def zigzag(n):
    return varint(n << 1 if n >= 0 else (-n << 1) - 1)


def text(value):
    raw = value.encode("utf-8") if isinstance(value, str) else value
    return varint(len(raw)) + raw


def u32(n):
    return struct.pack(">I", n)


def u64(n):
    return struct.pack(">Q", n)


# ---------------------------------------------------------------- §4 chunks

MIN, AVG, MAX = 512 * KIB, MIB, 8 * MIB
MASK_S, MASK_L = ((1 << 22) - 1) << 42, ((1 << 18) - 1) << 46
GEAR = [int.from_bytes(mac(GEAR_KEY, bytes([i]))[:8], "big") for i in range(256)]


def chunk_id(data):
    return mac(CHUNK_ID_KEY, data)


def cut(data, start):
    """The end of the chunk that begins at start."""
    end = min(len(data), start + MAX)
    fp, mask, gear = 0, MASK_S, GEAR
    for stop, mask in ((min(end, start + AVG), MASK_S), (end, MASK_L)):
        begin = start + MIN if mask == MASK_S else start + AVG
        for i in range(begin, stop):
            fp = (fp << 1) + gear[data[i]] & 0xFFFFFFFFFFFFFFFF
            if not fp & mask:
                return i + 1
    return end


def cuts(data):
    if len(data) <= MIN:
        return [len(data)]
    lengths, start = [], 0
    while start < len(data):
        end = cut(data, start)
        lengths.append(end - start)
        start = end
    return lengths


def gear_vectors():
    table = b"".join(map(u64, GEAR))
    return {
        "dedup": DEDUP.hex(),
        "gearKey": GEAR_KEY.hex(),
        "first": ["%016x" % value for value in GEAR[:8]],
        "last": ["%016x" % value for value in GEAR[-8:]],
        "sha256OfTable": hashlib.sha256(table).hexdigest(),
        "maskSmall": "%016x" % MASK_S,
        "maskLarge": "%016x" % MASK_L,
        "min": MIN,
        "avg": AVG,
        "max": MAX,
    }


# Found by search for this gear table, to pin the edges of the three zones; each is hashed to the end from a fingerprint that no longer matters.
SMALL_WINDOW = "f44e8b040db8907001bc76e108450d661dc114e9eded05d6119f0b6d8670c5ef0b76159aab98916b9244fa5437070a0b9865f3b630def9f594ca355e8ba0a08a"
LARGE_WINDOW = "1a5a9a652db4901c5e9b8c839985c3ae05e8aca92b15cc1ed3b320d64801b5be42896da3208bf30e47db5792a78509b56460319ba3d2272d460466eb4d17445a"
FIRST_BYTES = "0102012590f9"  # hashed from fingerprint 0
EDGES = {
    "small mask hits right after the skipped bytes": (MIN, FIRST_BYTES),
    "small mask hits at the average": (AVG - 64, SMALL_WINDOW),
    "large mask does not count at the average": (AVG - 64, LARGE_WINDOW),
    "large mask counts one byte later": (AVG - 63, LARGE_WINDOW),
}


def chunk_case(name, kind, size, seed=None, period=None, at=None, patch=None):
    if kind == "zeros":
        data = bytes(size)
    elif kind == "patched":
        data = bytes(at) + bytes.fromhex(patch)
        data += bytes(size - len(data))
    elif kind == "stream":
        data = stream(seed, size)
    else:
        data = (stream(seed, period) * (size // period + 1))[:size]
    case = {"name": name, "kind": kind, "seed": seed, "period": period, "at": at, "patch": patch, "size": size}
    case["sha256"] = hashlib.sha256(data).hexdigest()
    case["lengths"], case["ids"] = cuts(data), []
    start = 0
    for length in case["lengths"]:
        case["ids"].append(chunk_id(data[start : start + length]).hex())
        start += length
    return {key: value for key, value in case.items() if value is not None}


def chunk_vectors():
    sizes = {"1 byte": 1, "0.4 MiB": 419430, "512 KiB": 512 * KIB, "512 KiB and 1 byte": 512 * KIB + 1}
    sizes.update({"1 MiB": MIB, "5 MiB": 5 * MIB, "20 MiB": 20 * MIB})
    cases = [chunk_case(name, "stream", size, "chunks %s 0" % name) for name, size in sizes.items()]
    cases.append(chunk_case("zeros", "zeros", 20 * MIB))
    cases.append(chunk_case("repeated", "repeated", 9 * MIB + 5, "chunks repeated", 1000))
    for name, (at, patch) in EDGES.items():
        cases.append(chunk_case(name, "patched", 3 * MIB, at=at, patch=patch))
    return {
        "dedup": DEDUP.hex(),
        "gearKey": GEAR_KEY.hex(),
        "chunkIdKey": CHUNK_ID_KEY.hex(),
        "generator": GENERATOR,
        "kinds": {
            "stream": "stream(seed, size)",
            "zeros": "size zero bytes",
            "repeated": "stream(seed, period) again and again, cut to size bytes",
            "patched": "size zero bytes, with the bytes of patch in the place of those from offset at",
        },
        "cases": cases,
    }


# ---------------------------------------------------------------- §5 containers


def padme(length):
    e = 0
    while length >> e + 1:
        e += 1
    s = 0
    while e >> s:
        s += 1
    return length + -length % (1 << e - s)


def container(kind, name, body, random):
    """(salt, commitment, stored bytes)"""
    salt = mac(SALT_KEY, random + hashlib.sha256(body).digest())
    prefix = b"\x89CAIRN\r\n" + bytes([1, 1, kind, 0]) + u32(EPOCH) + REPOSITORY + salt
    okm = hkdf(OBJECT_KEY, prefix + name.encode("utf-8"), 64)
    plain = u64(len(body)) + body
    plain += bytes(padme(len(plain)) - len(plain))
    cipher, stored = AESGCM(okm[:32]), prefix + okm[32:]
    count = -(-len(plain) // 16384)
    for i in range(count):
        nonce = i.to_bytes(11, "big") + (b"\1" if i == count - 1 else b"\0")
        stored += cipher.encrypt(nonce, plain[i * 16384 : (i + 1) * 16384], None)
    return salt, okm[32:], stored


def container_vectors():
    cases = []
    for kind, name in ((1, ""), (2, ""), (3, "snapshots/snap-7")):
        for size in (0, 1, 16375, 16376, 16377, 100000):
            seed = "container %d %d" % (kind, size)
            random = fixed("random " + seed)
            salt, commitment, stored = container(kind, name, stream(seed, size), random)
            case = {"kind": kind, "name": name, "seed": seed, "size": size, "random": random.hex(), "salt": salt.hex()}
            case.update(commitment=commitment.hex(), storedSize=len(stored), storedSha256=hashlib.sha256(stored).hexdigest())
            if size <= 1:
                case["stored"] = stored.hex()
            cases.append(case)
    return {"secrets": SECRETS, "generator": GENERATOR, "body": "stream(seed, size)", "cases": cases}


def padme_vectors():
    lengths = list(range(8, 80)) + [n + d for n in (16384, 65536, MIB, 16 * MIB) for d in (-1, 0, 1)]
    return {"lengths": [[n, padme(n)] for n in lengths + [100008, 123456789, (1 << 31) + 12345, (1 << 40) + 1]]}


# ---------------------------------------------------------------- §3 slots


def b64(data):
    return base64.b64encode(data).decode()


def base32(data):
    value, bits = int.from_bytes(data, "big"), len(data) * 8
    digits = -(-bits // 5)
    value <<= digits * 5 - bits
    return "".join(CROCKFORD[value >> 5 * i & 31] for i in reversed(range(digits)))


def recovery_code(secret):
    code = base32(secret) + base32(hashlib.sha256(secret).digest())[:4]
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def slot(secret, kind, label):
    """(slot as JSON values, okm)"""
    name, salt = fixed("slot " + kind, 8), fixed("slot salt " + kind)
    okm = hkdf(secret + salt, b"cairn 1 slot" + REPOSITORY + name + u32(EPOCH), 64)
    fields = {"slot": name.hex(), "repository": REPOSITORY.hex(), "epoch": EPOCH, "type": kind, "label": label, "created": CREATED}
    fields.update(salt=b64(salt), commitment=b64(okm[32:]), wrapped=b64(AESGCM(okm[:32]).encrypt(bytes(12), MASTER + DEDUP, None)))
    fields["digest"] = hashlib.sha256("\n".join(map(str, fields.values())).encode("utf-8")).hexdigest()
    return fields, okm


KEY_FILE, RECOVERY = fixed("key file"), fixed("recovery")


def slot_vectors():
    slots = []
    for secret, kind, label in ((KEY_FILE, "key-file", "host"), (RECOVERY, "recovery", 'Safe, 2nd floor: "Zürich"')):
        fields, okm = slot(secret, kind, label)
        slots.append({"secret": secret.hex(), "okm": okm.hex(), "json": fields})
    name, salt = fixed("slot vault", 8), fixed("slot salt vault")
    vault = {
        "slot": name.hex(),
        "salt": b64(salt),
        "context": (b"cairn 1 slot" + REPOSITORY + name + u32(EPOCH)).hex(),
        "commitment": b64(hkdf(MASTER + DEDUP + salt, b"cairn 1 vault", 32)),
    }
    secrets = (RECOVERY, bytes(32), b"\xff" * 32)
    code = recovery_code(RECOVERY)
    return {
        "secrets": SECRETS,
        "slots": slots,
        "vault": vault,
        "recoveryCodes": [{"secret": secret.hex(), "code": recovery_code(secret)} for secret in secrets],
        "sameCodes": {"secret": bytes(32).hex(), "codes": [c.join(recovery_code(bytes(32)).split("0")) for c in "oO0"]},
        "wrongCodes": [code[:-1] + ("0" if code[-1] != "0" else "1"), code[:-5], code[1:], "U" + code[1:], code + "0"],
    }


# ---------------------------------------------------------------- §8 listings


def instant(seconds, nanos):
    return {"seconds": seconds, "nanos": nanos}


def extents(parts):
    return b"".join(bytes.fromhex(part["chunk"]) + varint(part["offset"]) + varint(part["length"]) for part in parts)


TYPES = {"folder": 0, "file": 1, "symlink": 2, "hardlink": 3}


def encode_entry(entry, before):
    path = entry["path"].encode("utf-8")
    shared = len(os.path.commonprefix([before, path]))
    out = varint(shared) + text(path[shared:]) + bytes([TYPES[entry["type"]]])
    names = ("modified", "mode", "owner", "group", "identity", "pages")
    out += bytes([sum(1 << i for i, name in enumerate(names) if name in entry)])
    if "modified" in entry:
        out += zigzag(entry["modified"]["seconds"]) + varint(entry["modified"]["nanos"])
    if "mode" in entry:
        out += varint(entry["mode"])
    out += b"".join(text(entry[name]) for name in ("owner", "group") if name in entry)
    if "identity" in entry:
        identity = entry["identity"]
        out += zigzag(identity["seconds"]) + varint(identity["nanos"]) + text(identity["fileKey"])
    if "target" in entry:
        out += text(entry["target"])
    if entry["type"] == "file":
        out += varint(entry["size"]) + extents(entry["extents"])
    if "pages" in entry:
        out += varint(entry["pages"]["size"]) + extents(entry["pages"]["extents"])
    return out


def encode_leaf(entries):
    out, before = b"\0", b""
    for entry in entries:
        out += encode_entry(entry, before)
        before = entry["path"].encode("utf-8")
    return out


def encode_node(level, children):
    """children: (path of the first entry, chunk id, entries below)"""
    return bytes([level]) + b"".join(text(path) + chunk + varint(below) for path, chunk, below in children)


def extent(chunk, offset, length):
    return {"chunk": chunk.hex(), "offset": offset, "length": length}


def page_hash(page):
    return mac(CHUNK_ID_KEY, b"page" + page)[:16]


def leaf_vectors():
    one, two, three = (chunk_id(stream("leaf chunk %d" % i, 5000)) for i in (1, 2, 3))
    first = [
        {"path": "", "type": "folder", "modified": instant(1767225600, 0), "mode": 0o755},
        {"path": "a", "type": "folder", "modified": instant(-1, 999999999), "mode": 0o700, "owner": "ada", "group": "staff"},
        {"path": "a/b", "type": "file", "size": 0, "extents": []},
        {
            "path": "a/big",
            "type": "file",
            "modified": instant(1767225600, 123456789),
            "mode": 0o644,
            "owner": "ada",
            "group": "ünits",
            "identity": {"seconds": 1767225601, "nanos": 1, "fileKey": "(dev=1,ino=42)"},
            "size": 12000,
            "extents": [extent(one, 0, 5000), extent(two, 0, 5000), extent(one, 3000, 2000)],
        },
        {"path": "a-b", "type": "symlink", "modified": instant(0, 0), "target": "a/b"},
    ]
    second = [
        {
            "path": "data.db",
            "type": "file",
            "mode": 0o600,
            "size": 1300,
            "extents": [extent(two, 512, 1024), extent(three, 0, 276)],
            "pages": {"size": 512, "extents": [extent(three, 4000, 48)]},
        },
        {"path": "hard", "type": "hardlink", "target": "a/big"},
        {"path": "é", "type": "file", "size": 1, "extents": [extent(one, 4999, 1)]},
        {"path": "ê", "type": "folder"},
        {"path": "～", "type": "folder"},
        {"path": "😀", "type": "folder", "mode": 0o777},
    ]
    leaves, children = [], []
    for entries in (first, second):
        leaf = encode_leaf(entries)
        leaves.append({"entries": entries, "hex": leaf.hex(), "id": chunk_id(leaf).hex()})
        children.append((entries[0]["path"], chunk_id(leaf), len(entries)))
    node = encode_node(1, children)
    page = stream("page", 512)
    return {
        "chunkIdKey": CHUNK_ID_KEY.hex(),
        "generator": GENERATOR,
        "pathPrefixes": "bytes of UTF-8: the second byte of é and ê differs, so they share their first byte",
        "leaves": leaves,
        "node": {
            "level": 1,
            "children": [{"path": p, "id": c.hex(), "entries": n} for p, c, n in children],
            "hex": node.hex(),
            "id": chunk_id(node).hex(),
        },
        "pageHash": {"page": "stream(\"page\", 512)", "hash": page_hash(page).hex(), "hashOfFirst100Bytes": page_hash(page[:100]).hex()},
    }


# ---------------------------------------------------------------- a whole repository


class PackMaker:
    """Collects chunks into blocks of a given size and packs on request; knows what is stored already."""

    def __init__(self, write):
        self.write, self.stored, self.blocks, self.pending = write, set(), [], []

    def put(self, data):
        chunk = chunk_id(data)
        if chunk not in self.stored:
            self.stored.add(chunk)
            self.pending.append((chunk, data))
            if sum(len(data) for _, data in self.pending) >= 6000:
                self.end_block()
        return chunk

    def end_block(self):
        if self.pending:
            raw = b"".join(data for _, data in self.pending)
            packed = zstandard.ZstdCompressor(level=1).compress(raw)
            codec, packed = (1, packed) if len(packed) < len(raw) else (0, raw)
            self.blocks.append((packed, len(raw), codec, [(chunk, len(data)) for chunk, data in self.pending]))
            self.pending = []

    def end_pack(self):
        """Stores the pack; what the index says of it."""
        self.end_block()
        blocks, self.blocks = self.blocks, []
        directory = u32(len(blocks))
        for packed, raw, codec, chunks in blocks:
            directory += u32(len(packed)) + u32(raw) + bytes([codec]) + u32(len(chunks))
            directory += b"".join(chunk + u32(length) for chunk, length in chunks)
        name, size = self.write.hashed(1, b"".join(block[0] for block in blocks) + directory + u32(len(directory)))
        return bytes.fromhex(name) + u64(size) + u32(len(directory)) + directory


class StoreWriter:
    def __init__(self, root):
        self.root, self.count = root, 0

    def plain(self, name, data):
        path = os.path.join(self.root, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as file:
            file.write(data)

    def json(self, name, value):
        self.plain(name, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))

    def _seal(self, kind, name, body):
        self.count += 1
        return container(kind, name, body, fixed("random repository %d" % self.count))[2]

    def sealed(self, kind, name, body):
        self.plain(name, self._seal(kind, name, body))

    def hashed(self, kind, body):
        stored = self._seal(kind, "", body)
        name = hashlib.sha256(stored).hexdigest()
        self.plain("packs/%s/%s" % (name[:2], name) if kind == 1 else "index/" + name, stored)
        return name, len(stored)


def path_order(path):
    return path.encode("utf-8").split(b"/")


def put_listing(maker, entries, leaf_entries=4):
    """The root of the listing; None if there is no entry."""
    entries = sorted(entries, key=lambda entry: path_order(entry["path"]))
    level, children = 0, []
    for i in range(0, len(entries), leaf_entries):
        part = entries[i : i + leaf_entries]
        children.append((part[0]["path"], maker.put(encode_leaf(part)), len(part)))
    while len(children) > 1:
        level += 1
        groups = [children[i : i + 3] for i in range(0, len(children), 3)]
        children = [(group[0][0], maker.put(encode_node(level, group)), sum(c[2] for c in group)) for group in groups]
    return children[0][1] if children else None


class Tree:
    """Entries of a dataset, and what they must restore to."""

    def __init__(self, maker):
        self.maker, self.entries, self.expected = maker, [], {}

    def add(self, path, kind, when, mode=None, **more):
        entry = {"path": path, "type": kind, "modified": instant(1767225600 + when, when * 1000001), **more}
        if mode is not None:
            entry["mode"] = mode
        self.entries.append(entry)
        expected = {"type": kind, "modified": entry["modified"]}
        if mode is not None:
            expected["mode"] = mode
        if "target" in entry:
            expected["target"] = entry["target"]
        self.expected[path] = expected
        return self

    def file(self, path, when, mode, pieces, parts=None, **more):
        """pieces are stored as chunks; parts are (piece, offset, length), else all pieces one after the other."""
        chunks = [self.maker.put(piece) for piece in pieces]
        parts = parts or [(i, 0, len(piece)) for i, piece in enumerate(pieces)]
        content = b"".join(pieces[i][offset : offset + length] for i, offset, length in parts)
        found = [extent(chunks[i], offset, length) for i, offset, length in parts]
        self.add(path, "file", when, mode, size=len(content), extents=found, **more)
        self.expected[path].update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
        return self

    def bytes(self):
        return sum(entry.get("size", 0) for entry in self.entries)


def words(seed, size):
    """Text that compresses."""
    lines = ("%s %08x: all is well\n" % (seed, int.from_bytes(stream(seed, 4 * i + 4)[-4:], "big")) for i in range(size // 16))
    return "".join(lines).encode()[:size]


def config_tree(maker, second):
    tree = Tree(maker)
    noise, big = stream("big", 9000), [words("big 1", 5000), stream("big 2", 3000), words("big 3", 4001)]
    big[1] = words("big 2, second version", 3000) if second else big[1]
    tree.add("", "folder", 1, 0o755)
    tree.add("a", "folder", 2, 0o750, owner="ada", group="staff")
    tree.file("a/b.txt", 30 if second else 3, 0o644, [b"second version\n" if second else b"first version\n"])
    tree.add("a-b", "folder", 4, 0o700)
    tree.file("a-b/noise.bin", 5, 0o600, [noise], identity={"seconds": 1767225605, "nanos": 7, "fileKey": "(dev=1,ino=5)"})
    tree.file("big.bin", 6, 0o640, big, [(0, 0, 5000), (1, 0, 3000), (0, 1000, 2500), (2, 0, 4001), (1, 2999, 1)])
    tree.file("empty", 7, 0o444, [])
    tree.add("locked", "folder", 8, 0o555)
    tree.file("locked/inside", 9, 0o400, [b"x"])
    tree.add("to-b", "symlink", 10, target="a/b.txt")
    tree.add("zhard", "hardlink", 11, target="big.bin")
    tree.add("zu", "folder", 12, 0o755)
    tree.file("zu/é\u0301 名前.txt", 13, 0o644, ["Grüße\n".encode()])
    tree.add("zu/～", "folder", 14, 0o755)
    tree.file("zu/😀", 15, 0o644, [b"beyond the basic plane\n"])
    if second:
        tree.file("a/new.txt", 31, 0o644, [words("new", 700)])
    else:
        tree.add("nowhere", "symlink", 16, target="../../outside/nothing")
    expected = tree.expected["big.bin"]
    tree.expected["zhard"].update(size=expected["size"], sha256=expected["sha256"])
    return tree


def database_tree(maker, second):
    pages = [words("page %d" % i, 512) for i in range(6)]
    pages[2] = words("page 2, second version", 512) if second else pages[2]
    pages[5] = pages[5][:100]
    pieces = [b"".join(pages[:2]), b"".join(pages[2:3]), b"".join(pages[3:])]
    hashes = b"".join(map(page_hash, pages))
    found = {"size": 512, "extents": [extent(maker.put(hashes), 0, len(hashes))]}
    return Tree(maker).file("memory.db", 40 if second else 20, 0o600, pieces, pages=found)


def make_repository(root):
    writer = StoreWriter(os.path.join(root, "store"))
    features = {"read": [], "write": [], "delete": [], "check": []}
    writer.json("cairn.json", {"format": "cairn-packed", "version": 1, "repository": REPOSITORY.hex(), "created": CREATED, "features": features})
    for secret, kind, label in ((KEY_FILE, "key-file", "host"), (RECOVERY, "recovery", "Safe, Zürich")):
        fields, _ = slot(secret, kind, label)
        writer.json("keys/" + fields["slot"], fields)
    writer.json("keys/%s.confirmed" % fields["slot"], {"at": CREATED, "by": "operator"})

    content, listings, expected = PackMaker(writer), PackMaker(writer), {}
    for number in (1, 2):
        second, datasets = number == 2, []
        trees = {"config": config_tree(content, second), "memory": database_tree(content, second), "hollow": Tree(content)}
        for name, tree in trees.items():
            summary = {"name": name, "kind": "sqlite" if name == "memory" else "files", "present": True, "entries": len(tree.entries)}
            summary.update(bytes=tree.bytes(), counts={}, changedAfterCut=[])
            listing = put_listing(listings, tree.entries)
            datasets.append(dict(summary, root=listing.hex()) if listing else summary)
        datasets.append({"name": "optional", "kind": "files", "present": False, "entries": 0, "bytes": 0, "counts": {}, "changedAfterCut": []})
        segments = [maker.end_pack() for maker in (content, listings)]
        writer.hashed(2, b"".join(segments))
        manifest = {"format": "cairn-packed", "formatVersion": 1, "id": "snap-%d" % number, "sequence": number}
        manifest.update(createdAt="2026-01-0%dT00:00:00Z" % number, projectionVersion=3, trigger="MANUAL", lineage="vectors")
        manifest.update({"parent": "snap-1", "label": "second"} if second else {})
        total = sum(tree.bytes() for tree in trees.values())
        manifest.update(barrierHeldNanos=1, totalBytes=total, warnings=[], datasets=datasets)
        writer.sealed(3, "snapshots/snap-%d" % number, json.dumps(manifest, ensure_ascii=False).encode("utf-8"))
        expected["snap-%d" % number] = {name: tree.expected for name, tree in trees.items()}

    # A chunk of both snapshots is also in a pack that is condemned, and in one that no segment names.
    for kind in ("condemned", "in no index"):
        maker = PackMaker(writer)
        maker.put(b"x")
        maker.put(words(kind, 300))
        record = maker.end_pack()
        if kind == "condemned":
            writer.hashed(2, record)
            writer.sealed(6, "condemned/%019d" % 4, record[:32])
            writer.plain("condemned/%019d.drain" % 4, b"4")

    writer.plain("snapshots/snap-3", b"tombstone\n")
    for number in (1, 2, 3, 4):
        writer.plain("sequence/%019d" % number, fixed("token %d" % number, 16).hex().encode())
    reason = json.dumps({"at": CREATED, "reason": "for the vectors"}).encode()
    writer.sealed(4, "marks/snap-1/PINNED/@operator@/1", reason)
    with open(os.path.join(root, "key.txt"), "w", encoding="ascii", newline="\n") as file:
        file.write(KEY_FILE.hex() + "\n")
    with open(os.path.join(root, "recovery-code.txt"), "w", encoding="ascii", newline="\n") as file:
        file.write(recovery_code(RECOVERY) + "\n")
    write_json(os.path.join(root, "tree.json"), expected)


# ---------------------------------------------------------------- all of it


def write_json(path, value):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        json.dump(value, file, ensure_ascii=False, indent=2)
        file.write("\n")


VECTORS = {
    "gear.json": gear_vectors,
    "chunks.json": chunk_vectors,
    "container.json": container_vectors,
    "padme.json": padme_vectors,
    "slot.json": slot_vectors,
    "leaf.json": leaf_vectors,
}


def main(root):
    os.makedirs(root, exist_ok=True)
    for name, make in VECTORS.items():
        write_json(os.path.join(root, name), make())
    shutil.rmtree(os.path.join(root, "repository"), ignore_errors=True)
    os.makedirs(os.path.join(root, "repository"))
    make_repository(os.path.join(root, "repository"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_vectors.py DIR")
    main(sys.argv[1])

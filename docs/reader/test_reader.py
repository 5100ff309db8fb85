"""Tests the reader against the vectors: python3 -m unittest discover -s docs/reader -p 'test_*.py' (from the top of the checkout)."""

import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import stat
import sys
import tempfile
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import cairn_restore as reader
import make_vectors as maker

FORMAT = os.path.join(HERE, "..", "..", "backup-core", "src", "test", "resources", "format")
REPOSITORY = os.path.join(FORMAT, "repository")
KEY = os.path.join(REPOSITORY, "key.txt")
CODE = os.path.join(REPOSITORY, "recovery-code.txt")


def load(name):
    with open(os.path.join(FORMAT, name), encoding="utf-8") as file:
        return json.load(file)


def nanos(instant):
    return instant["seconds"] * 10**9 + instant["nanos"]


def tree_of(root):
    """What is below a folder, in the form of tree.json; links of one file are told apart by their inode."""
    found, inodes = {}, {}
    for parent, folders, files in os.walk(root):
        for place in [parent] + [os.path.join(parent, name) for name in files + folders]:
            path = os.path.relpath(place, root).replace(os.sep, "/")
            status = os.lstat(place)
            value = {"mode": stat.S_IMODE(status.st_mode), "modified": status.st_mtime_ns, "inode": status.st_ino}
            if stat.S_ISLNK(status.st_mode):
                value.update(type="symlink", target=os.readlink(place))
            elif stat.S_ISDIR(status.st_mode):
                value.update(type="folder")
            else:
                with open(place, "rb") as file:
                    data = file.read()
                value.update(type="file", size=len(data), sha256=hashlib.sha256(data).hexdigest())
            found["" if path == "." else path] = value
    return found


class ReaderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.targets = folder.name, 0

    def new_target(self):
        self.targets += 1
        return os.path.join(self.folder, "target-%d" % self.targets)

    def copy(self):
        store = os.path.join(self.folder, "store")
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(os.path.join(REPOSITORY, "store"), store)
        return store

    def run_reader(self, *arguments, store=None, key=("--key-file", KEY)):
        """(exit code, standard output, standard error)"""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = reader.main(["--repository", store or os.path.join(REPOSITORY, "store"), *key, *arguments])
        self.assertEqual(code == 2, err.getvalue().startswith("error") or "\nerror" in err.getvalue(), err.getvalue())
        if code:
            self.assertTrue(err.getvalue())
        return code, out.getvalue(), err.getvalue()

    def restore(self, *arguments, snapshot="snap-2", **more):
        target = self.new_target()
        selected = ["--snapshot", snapshot] if snapshot else []
        code, _, err = self.run_reader(*selected, "restore", "--to", target, *arguments, **more)
        return code, target, err

    def assert_whole(self, target, snapshot, dataset=None):
        expected = load("repository/tree.json")[snapshot]
        expected = {dataset: expected[dataset]} if dataset else expected
        self.assertEqual(set(os.listdir(target)), set(expected))
        for name, entries in expected.items():
            found = tree_of(os.path.join(target, name))
            self.assertEqual(set(found) | {""}, set(entries) | {""})
            for path, entry in entries.items():
                self.assert_entry(entry, found[path], found)

    def assert_entry(self, entry, found, all_found):
        if entry["type"] == "hardlink":
            self.assertEqual(found["inode"], all_found[entry["target"]]["inode"])
            self.assertEqual(found["sha256"], entry["sha256"])
            return
        self.assertEqual(found["type"], entry["type"])
        self.assertEqual(found["modified"], nanos(entry["modified"]))
        for field in ("mode", "target", "size", "sha256"):
            if field in entry:
                self.assertEqual(found[field], entry[field])

    def assert_nothing_wrong(self, target, snapshot):
        """Every file that is there has the right bytes, every link its target."""
        expected = load("repository/tree.json")[snapshot]
        for name in os.listdir(target) if os.path.isdir(target) else ():
            for path, found in tree_of(os.path.join(target, name)).items():
                if found["type"] != "folder":
                    for field in ("target", "sha256"):
                        if field in found:
                            self.assertEqual(found[field], expected[name][path][field], path)


class VectorTest(ReaderTest):
    def test_hkdf_fits_case_3_of_rfc_5869(self):
        expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        self.assertEqual(reader.hkdf(b"\x0b" * 22, b"", 42).hex(), expected)

    def test_vectors_are_what_the_maker_makes(self):
        for name, make in maker.VECTORS.items():
            self.assertEqual(load(name), json.loads(json.dumps(make())), name)

    def test_padme_agrees(self):
        for length, padded in load("padme.json")["lengths"]:
            self.assertEqual(reader.padme(length), padded)

    def test_recovery_codes_are_read_in_any_case_and_mistakes_are_found(self):
        vectors = load("slot.json")
        for case in vectors["recoveryCodes"]:
            for code in (case["code"], case["code"].lower().replace("-", ""), case["code"].replace("1", "l").replace("0", "o") + "\n"):
                self.assertEqual(reader.secret_of_recovery_code(code).hex(), case["secret"])
        for code in vectors["sameCodes"]["codes"]:
            self.assertEqual(reader.secret_of_recovery_code(code).hex(), vectors["sameCodes"]["secret"])
        for code in vectors["wrongCodes"]:
            with self.assertRaises(reader.Refused):
                reader.secret_of_recovery_code(code)

    def test_listing_is_read_as_it_was_described(self):
        vectors = load("leaf.json")
        chunks = {bytes.fromhex(part["id"]): bytes.fromhex(part["hex"]) for part in vectors["leaves"] + [vectors["node"]]}
        found = list(self.listing(chunks, vectors["node"]["id"], self.fail).entries())
        expected = [entry for leaf in vectors["leaves"] for entry in leaf["entries"]]
        self.assertEqual([entry.path for entry in found], [entry["path"] for entry in expected])
        for entry, stated in zip(found, expected):
            self.assertEqual(entry.type, maker.TYPES[stated["type"]])
            self.assertEqual(entry.mode, stated.get("mode"))
            self.assertEqual(entry.modified, nanos(stated["modified"]) if "modified" in stated else None)
            self.assertEqual(entry.target, stated.get("target"))
            parts = [{"chunk": chunk.hex(), "offset": offset, "length": length} for chunk, offset, length in entry.extents]
            self.assertEqual((entry.size, parts), (stated.get("size", 0), stated.get("extents", [])))

    def test_no_bytes_make_the_listing_parser_do_anything_but_call_them_damaged(self):
        dice, vectors = random.Random(7), load("leaf.json")
        for _ in range(3000):
            data = bytearray.fromhex(dice.choice(vectors["leaves"] + [vectors["node"]])["hex"])
            for _ in range(dice.randint(1, 3)):
                data[dice.randrange(len(data))] = dice.choice((0, 1, 47, 46, 127, 128, 255, dice.randrange(256)))
            data = bytes(data[: dice.choice((len(data), dice.randrange(len(data))))])
            with contextlib.suppress(reader.Damaged):
                list(self.listing({bytes(32): data}, "00" * 32, lambda trouble: None).entries())

    def listing(self, chunks, root, report):
        class Chunks:
            def chunk(self, chunk):
                if not chunks.get(chunk):
                    raise reader.Damaged("no such chunk")
                return chunks[chunk]

        return reader.Listing(Chunks(), bytes.fromhex(root), "vectors", report)


class RestoreTest(ReaderTest):
    def test_each_snapshot_is_restored_with_the_key_file(self):
        for snapshot in ("snap-1", "snap-2"):
            code, target, err = self.restore(snapshot=snapshot)
            self.assertEqual((code, err), (0, ""))
            self.assert_whole(target, snapshot)

    def test_newest_is_restored_with_the_recovery_code(self):
        code, target, _ = self.restore(snapshot=None, key=("--recovery-code-file", CODE))
        self.assertEqual(code, 0)
        self.assert_whole(target, "snap-2")

    def test_a_repository_made_just_now_is_restored(self):
        maker.make_repository(self.folder)
        code, target, _ = self.restore(store=os.path.join(self.folder, "store"))
        self.assertEqual(code, 0)
        self.assert_whole(target, "snap-2")

    def test_one_dataset_is_restored(self):
        code, target, _ = self.restore("--dataset", "memory")
        self.assertEqual(code, 0)
        self.assert_whole(target, "snap-2", "memory")

    def test_one_folder_is_restored_and_not_its_namesake(self):
        code, target, _ = self.restore("--dataset", "config", "--path", "a")
        self.assertEqual(code, 0)
        self.assertEqual(set(tree_of(os.path.join(target, "config"))), {"", "a", "a/b.txt", "a/new.txt"})

    def test_a_hard_link_alone_becomes_the_file(self):
        code, target, _ = self.restore("--dataset", "config", "--path", "zhard")
        found = tree_of(os.path.join(target, "config"))
        self.assertEqual((code, set(found)), (0, {"", "zhard"}))
        self.assertEqual(found["zhard"]["sha256"], load("repository/tree.json")["snap-2"]["config"]["zhard"]["sha256"])

    def test_list_shows_snapshots_and_entries(self):
        code, out, _ = self.run_reader("list")
        self.assertEqual((code, [line.split("\t")[0] for line in out.splitlines()]), (0, ["snap-1", "snap-2"]))
        self.assertIn("PINNED", out.splitlines()[0])
        code, out, _ = self.run_reader("--snapshot", "snap-1", "list")
        self.assertEqual(code, 0)
        self.assertIn("config/zhard -> big.bin", out)

    def test_what_cannot_be_done_is_refused_and_touches_nothing(self):
        wrong = os.path.join(self.folder, "wrong")
        with open(wrong, "wb") as file:
            file.write(b"\1" * 32)
        for code, target, _ in (
            self.restore(key=("--key-file", wrong)),
            self.restore(key=("--key-file", CODE)),
            self.restore(key=("--recovery-code-file", KEY)),
            self.restore(key=("--key-file", os.path.join(self.folder, "none"))),
            self.restore(snapshot="snap-3"),
            self.restore(snapshot="snap-9"),
            self.restore(snapshot="../cairn.json"),
            self.restore("--dataset", "other"),
            self.restore("--dataset", "optional"),
            self.restore(store=os.path.join(self.folder, "none")),
        ):
            self.assertEqual((code, os.path.exists(target)), (2, False))

    def test_a_target_that_is_not_empty_or_a_link_is_refused(self):
        target = self.new_target()
        os.makedirs(os.path.join(target, "config", "mine"))
        self.assertEqual(self.run_reader("restore", "--to", target)[0], 2)
        self.assertEqual(os.listdir(os.path.join(target, "config")), ["mine"])
        other, outside = self.new_target(), os.path.join(self.folder, "outside")
        os.mkdir(outside)
        os.mkdir(other)
        os.symlink(outside, os.path.join(other, "config"))
        self.assertEqual(self.run_reader("restore", "--to", other)[0], 2)
        self.assertEqual(os.listdir(outside), [])

    def test_a_newer_format_and_an_unknown_feature_are_refused(self):
        for change in ({"version": 2}, {"features": {"read": ["folding"]}}):
            store = self.copy()
            with open(os.path.join(store, "cairn.json"), "r+") as file:
                value = dict(json.load(file), **change)
                file.seek(0)
                file.truncate()
                json.dump(value, file)
            self.assertEqual(self.restore(store=store)[0], 2)


class DamageTest(ReaderTest):
    def blobs(self, store):
        return [os.path.join(parent, name) for parent, _, names in os.walk(store) for name in sorted(names)]

    def assert_right_or_error(self, store, what):
        for snapshot in ("snap-1", "snap-2"):
            code, target, err = self.restore(snapshot=snapshot, store=store)
            with self.subTest(what=what, snapshot=snapshot, err=err):
                if code == 0:
                    self.assert_whole(target, snapshot)
                else:
                    self.assert_nothing_wrong(target, snapshot)
            shutil.rmtree(target, ignore_errors=True)
        return code

    def with_each(self, change):
        """Tries the change on each blob in turn; the exit codes by name of the blob."""
        codes, store = {}, self.copy()
        for path in self.blobs(store):
            with open(path, "rb") as file:
                data = file.read()
            for what, changed in change(path, data):
                os.unlink(path)
                if changed is not None:
                    with open(path, "wb") as file:
                        file.write(changed)
                name = os.path.relpath(path, store)
                codes.setdefault(name, []).append(self.assert_right_or_error(store, (name, what)))
                if changed is None:
                    open(path, "wb").close()
            with open(path, "wb") as file:
                file.write(data)
        return codes

    def test_truncated_missing_and_longer_blobs_give_right_bytes_or_an_error(self):
        def change(path, data):
            for size in sorted({0, 9, 96, len(data) // 2, len(data) - 1} & set(range(len(data)))):
                yield "cut to %d" % size, data[:size]
            yield "longer", data + b"\0"
            yield "missing", None

        codes = self.with_each(change)
        self.assertIn(1, codes["snapshots/snap-2"])
        self.assertEqual({0}, {code for name, found in codes.items() if name.startswith("index") for code in found})

    def test_flipped_bits_give_right_bytes_or_an_error(self):
        dice = random.Random(11)

        def change(path, data):
            places = {0, 8, 10, 12, 20, 40, 70, 96, len(data) - 1} | {dice.randrange(len(data)) for _ in range(4)}
            for at in sorted(places & set(range(len(data)))):
                yield "bit at %d" % at, data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]

        codes = self.with_each(change)
        self.assertEqual({1}, set(codes["snapshots/snap-2"]))

    def test_swapped_blobs_give_right_bytes_or_an_error(self):
        store = self.copy()
        paths = [path for path in self.blobs(store) if os.sep + "sequence" not in path]
        for i, one in enumerate(paths):
            for two in paths[i + 1 :]:
                self.swap(one, two)
                self.assert_right_or_error(store, (one, two))
                self.swap(one, two)

    def swap(self, one, two):
        os.rename(one, one + "~")
        os.rename(two, one)
        os.rename(one + "~", two)

    def test_each_damaged_pack_costs_only_its_own_files(self):
        codes = self.with_each(lambda path, data: [("empty", b"")] if "packs" in path else [])
        self.assertIn(1, [code for found in codes.values() for code in found])
        store = self.copy()
        big = max((path for path in self.blobs(store) if "packs" in path), key=os.path.getsize)
        with open(big, "r+b") as file:
            file.seek(200)
            file.write(b"XXXX")
        code, target, err = self.restore(store=store)
        self.assertEqual(code, 1)
        self.assertIn(os.path.basename(big), err)
        found = tree_of(os.path.join(target, "config"))
        self.assertNotIn("a-b/noise.bin", found)
        self.assertIn("locked/inside", found)

    def test_without_an_index_the_packs_own_directories_are_used(self):
        store = self.copy()
        shutil.rmtree(os.path.join(store, "index"))
        code, target, _ = self.restore(store=store)
        self.assertEqual(code, 0)
        self.assert_whole(target, "snap-2")

    def test_a_segment_under_another_name_is_reported_and_not_used(self):
        store = self.copy()
        folder = os.path.join(store, "index")
        for number, name in enumerate(os.listdir(folder)):
            os.rename(os.path.join(folder, name), os.path.join(folder, "%064x" % number))
        code, target, err = self.restore(store=store)
        self.assertEqual((code, err.count("is not what its name says")), (0, 3))
        self.assert_whole(target, "snap-2")

    def test_a_pack_under_another_name_is_reported_and_what_authenticates_is_used(self):
        store = self.copy()
        shutil.rmtree(os.path.join(store, "index"))
        for number, path in enumerate(path for path in self.blobs(store) if "packs" in path):
            os.makedirs(os.path.join(store, "packs", "00"), exist_ok=True)
            os.rename(path, os.path.join(store, "packs", "00", "%064x" % number))
        code, target, err = self.restore(store=store)
        self.assertEqual((code, "is not what its name says" in err), (0, True))
        self.assert_whole(target, "snap-2")

    def test_a_container_with_other_padding_is_damaged(self):
        path = os.path.join(self.folder, "snap-1")
        for padding, fits in ((maker.padme, True), (lambda length: reader.padme(length) + 512, False)):
            with mock.patch.object(maker, "padme", padding):
                stored = maker.container(3, "snapshots/snap-1", bytes(1000), bytes(32))[2]
            with open(path, "wb") as file:
                file.write(stored)
            keys = reader.Keys(maker.REPOSITORY)
            keys.add(maker.EPOCH, maker.MASTER + maker.DEDUP)
            blob = reader.Blob("snapshots/snap-1", path, len(stored))
            with contextlib.nullcontext() if fits else self.assertRaisesRegex(reader.Damaged, "length"):
                self.assertEqual(reader.Container(keys, reader.MANIFEST, blob).body(1000), bytes(1000))

    def test_a_slot_whose_label_was_changed_is_damaged(self):
        store = self.copy()
        for name in os.listdir(os.path.join(store, "keys")):
            path = os.path.join(store, "keys", name)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace('"host"', '"hosts"'))
        code, _, err = self.restore(store=store)
        self.assertEqual((code, "digest" in err), (2, True))

    def test_without_cairn_json_the_slots_tell_the_repository(self):
        store = self.copy()
        os.unlink(os.path.join(store, "cairn.json"))
        code, target, err = self.restore(store=store)
        self.assertEqual(code, 0)
        self.assertIn("cairn.json", err)
        self.assert_whole(target, "snap-2")

    def test_condemned_and_suspected_packs_serve_while_nothing_else_has_the_chunk(self):
        store = self.copy()
        names = [os.path.basename(path) for path in self.blobs(store) if "packs" in path]
        writer = maker.StoreWriter(store)
        writer.sealed(6, "condemned/%019d" % 9, b"".join(map(bytes.fromhex, names)))
        writer.plain("damaged/" + names[0], b"a check found it damaged")
        code, target, _ = self.restore(store=store)
        self.assertEqual(code, 0)
        self.assert_whole(target, "snap-2")

    def test_a_condemned_pack_is_not_opened_where_another_place_has_the_chunk(self):
        store = self.copy()
        keys = reader.unlock(reader.Store(store), maker.KEY_FILE)
        packs = reader.Packs(reader.Store(store), keys)
        places = packs.places[maker.chunk_id(b"x")]
        self.assertEqual(len(places), 2)
        places.sort(key=lambda place: place.pack not in packs.condemned)
        self.assertIn(places[0].pack, packs.condemned)
        self.assertEqual(packs.chunk(maker.chunk_id(b"x")), b"x")
        self.assertTrue(packs.condemned.isdisjoint(packs.containers))

    def test_a_damaged_manifest_is_never_passed_over_for_an_older_snapshot(self):
        store = self.copy()
        open(os.path.join(store, "snapshots", "snap-2"), "wb").close()
        code, target, err = self.restore(snapshot=None, store=store)
        self.assertEqual((code, os.path.exists(target)), (1, False))
        self.assertIn("snapshots/snap-2", err)


class HostileTest(ReaderTest):
    """A writer that has the key and means harm: nothing is written outside of the target."""

    def restore_hostile(self, entries, dataset="config", wrong_chunk=False):
        root = tempfile.mkdtemp(dir=self.folder)
        writer = maker.StoreWriter(root)
        writer.json("cairn.json", {"format": "cairn-packed", "version": 1, "repository": maker.REPOSITORY.hex(), "features": {}})
        fields, _ = maker.slot(maker.KEY_FILE, "key-file", "host")
        writer.json("keys/" + fields["slot"], fields)
        pack = maker.PackMaker(writer)
        chunk = pack.put(b"harm")
        if wrong_chunk:  # the directory gives the id of other bytes
            pack.pending = [(chunk, b"HARM")]
        for entry in entries:
            if entry["type"] == "file":
                entry.setdefault("size", 4)
                entry.setdefault("extents", [maker.extent(chunk, 0, 4)])
        listing = pack.put(maker.encode_leaf(entries))
        writer.hashed(2, pack.end_pack())
        datasets = [{"name": dataset, "kind": "files", "present": True, "root": listing.hex()}]
        manifest = {"format": "cairn-packed", "formatVersion": 1, "id": "snap-1", "sequence": 1, "datasets": datasets}
        writer.sealed(3, "snapshots/snap-1", json.dumps(manifest).encode())
        before = set(os.listdir(self.folder))
        code, target, err = self.restore(snapshot="snap-1", store=root)
        self.assertLessEqual(set(os.listdir(self.folder)) - before, {os.path.basename(target)})
        return code, target, err

    def test_a_harmless_listing_of_the_same_make_is_restored(self):
        code, target, _ = self.restore_hostile([{"path": "a", "type": "file"}])
        self.assertEqual((code, os.listdir(os.path.join(target, "config"))), (0, ["a"]))

    def test_a_chunk_that_is_not_what_its_id_says_is_damaged(self):
        code, target, err = self.restore_hostile([{"path": "a", "type": "file"}], wrong_chunk=True)
        self.assertEqual((code, os.listdir(os.path.join(target, "config"))), (1, []))
        self.assertIn("other bytes", err)

    def test_paths_that_lead_astray_are_refused(self):
        for path in ("../out", "/out", "a/../../out", "a//b", "./a", "a/", "a\0b", "..", "."):
            code, target, _ = self.restore_hostile([{"path": path, "type": "file"}])
            self.assertEqual((code, os.listdir(os.path.join(target, "config"))), (1, []), path)

    def test_dataset_names_that_lead_astray_are_refused(self):
        for name in ("..", "../out", "/out", "", ".hidden", "a/b"):
            self.assertEqual(self.restore_hostile([], dataset=name)[0], 1)

    def test_nothing_is_written_through_a_link(self):
        outside = os.path.join(self.folder, "outside")
        os.mkdir(outside)
        entries = [{"path": "a", "type": "symlink", "target": outside}, {"path": "a/out", "type": "file"}]
        self.assertEqual(self.restore_hostile(entries)[0], 1)
        self.assertEqual(os.listdir(outside), [])

    def test_a_hard_link_to_the_outside_is_refused(self):
        secret = os.path.join(self.folder, "secret")
        with open(secret, "w") as file:
            file.write("mine")
        for target in (secret, "../../secret", "z"):
            code, to, _ = self.restore_hostile([{"path": "a", "type": "hardlink", "target": target}])
            self.assertEqual((code, os.listdir(os.path.join(to, "config"))), (1, []))
        self.assertEqual(os.stat(secret).st_nlink, 1)

    def test_listings_that_break_a_rule_are_damaged(self):
        chunk = maker.chunk_id(b"harm")
        for entries in (
            [{"path": "b", "type": "file"}, {"path": "a", "type": "file"}],
            [{"path": "a", "type": "file"}, {"path": "a", "type": "file"}],
            [{"path": "a-b", "type": "folder"}, {"path": "a/b", "type": "file"}],
            [{"path": "", "type": "file"}],
            [{"path": "a", "type": "folder", "mode": 0o4755}],
            [{"path": "a", "type": "folder", "modified": {"seconds": 0, "nanos": 10**9}}],
            [{"path": "a", "type": "symlink", "target": ""}],
            [{"path": "a", "type": "file", "size": 4, "extents": [maker.extent(chunk, 1, 4)]}],
            [{"path": "a", "type": "file", "size": 3, "extents": [maker.extent(chunk, 0, 4)]}],
            [{"path": "a", "type": "file", "size": 5, "extents": [maker.extent(chunk, 0, 4)]}],
            [{"path": "a", "type": "file", "size": 4, "extents": [maker.extent(chunk, 0, 0), maker.extent(chunk, 0, 4)]}],
            [],
        ):
            self.assertEqual(self.restore_hostile(entries)[0], 1, entries)


if __name__ == "__main__":
    unittest.main()

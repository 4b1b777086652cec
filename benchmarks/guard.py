"""The guard of the page beside airlock-pii, on sentences that its rules were not written from.

The generated sentences (`tests/support/guard_corpus.py`) hold one name, phone number, address or
identity number each, or nothing of the kind. Precision is judged at as many sentences with names
as without. airlock-pii is installed from the registry into an environment that is thrown away; it
is asked for all that it finds, and for what it is surest of: 0.8 and more, where its own full
names begin.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.guard import ROOT, guard
from tests.support.guard_corpus import KINDS, LANGUAGES, Score, Span, corpus, scores, sentences

PEER = "airlock-pii==0.1.0"
ASK_PEER = """
import json, sys, time
from airlock_pii import detect
texts = json.load(sys.stdin)
began = time.perf_counter()
found = [[(str(e.type.value), e.start, e.end, e.confidence) for e in detect(t)] for t in texts]
json.dump({"found": found, "milliseconds": (time.perf_counter() - began) * 1000}, sys.stdout)
"""
PEER_KINDS = {"PERSON": "name", "PHONE": "phone", "EMAIL": "email", "IIN": "identity"}
SURE = 0.8


def ours(texts: list[str]) -> tuple[list[list[Span]], float]:
    """Return what the guard notices, and the milliseconds that it took."""
    with guard() as running:
        running.ask("timed", texts)  # as warm as a page that has been open for a while
        answer = running.ask("timed", texts)
    spans = [[(one["kind"], one["start"], one["end"]) for one in all_] for all_ in answer["all"]]
    return spans, float(answer["milliseconds"])


def peer(texts: list[str]) -> dict[str, Any] | None:
    """Return what airlock-pii finds, or None where it cannot be installed."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", PEER]
        done = subprocess.run(install, check=False, capture_output=True, text=True)
        if done.returncode:
            print(f"{PEER} cannot be installed here:\n{done.stderr.strip()[-300:]}\n")
            return None
        run = [str(python), "-c", ASK_PEER]
        answer = subprocess.run(
            run, check=True, capture_output=True, text=True, input=json.dumps(texts)
        )
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def peer_spans(found: list[list[list[Any]]], least: float) -> list[list[Span]]:
    """Return the peer's entities of our kinds, from a confidence on."""
    return [
        [
            (PEER_KINDS[kind], start, end)
            for kind, start, end, confidence in entities
            if kind in PEER_KINDS and confidence >= least
        ]
        for entities in found
    ]


def figures(score: Score) -> str:
    """Write a score in one cell of the table."""
    missed = score.missed / max(1, score.whole + score.touched + score.missed)
    return f"{score.recall:12.3f} {1 - missed:.3f} {score.precision:.3f}"


def left_field(texts: int = 1000) -> float:
    """Return the milliseconds for one answer of 1,000 characters, as when a field is left."""
    patterns = corpus("heldout")["kk"]["none"]
    answer = " ".join(patterns)[:1000]
    with guard() as running:
        running.ask("timed", [answer])
        return float(running.ask("timed", [answer] * texts)["milliseconds"]) / texts


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1500, help="sentences with names a language")
    parser.add_argument("--part", default="heldout")
    options = parser.parse_args(arguments)
    texts = list(sentences(options.part, count=options.count))
    plain = [sentence.text for sentence in texts]
    spans, milliseconds = ours(plain)
    rows = [("the guard", spans, milliseconds)]
    if answer := peer(plain):
        rows.append(("airlock-pii, all", peer_spans(answer["found"], 0), answer["milliseconds"]))
        sure = peer_spans(answer["found"], SURE)
        rows.append((f"airlock-pii, from {SURE}", sure, answer["milliseconds"]))
    print(f"{len(texts):,} sentences of {options.part}")
    print("recall: covered whole, at least touched; precision\n")
    print(f"{'':14}" + "".join(f"{what:>24}" for what, _, _ in rows))
    judged = [scores(texts, noticed) for _, noticed, _ in rows]
    for kind in KINDS:
        for lang in LANGUAGES:
            cells = "".join(figures(score[lang, kind]) for score in judged)
            print(f"{kind + ', ' + lang:14}{cells}")
    print()
    for what, _, taken in rows[:2]:
        print(f"{what:24}{taken / len(texts) * 1000:8.1f} microseconds a sentence")
    print(f"\nan answer of 1,000 characters: {left_field():.2f} ms")
    scripts = ROOT / "widgets" / "ustaz_widgets" / "static"
    for script in [scripts / "workbook.js", *scripts.glob("guarded-*.js")]:
        size = len(gzip.compress(script.read_bytes(), 9)) / 1000
        print(f"{script.name.split('-')[0].removesuffix('.js')}.js: {size:.1f} kB compressed")


if __name__ == "__main__":
    main()

"""The results page: docs/benchmarks.md, made of the samples of one run."""

import datetime
import os
import statistics

from bench import shapes

OURS, VERSION = "FastCart Guardrails", "FastCart Guardrails --version"
NULL_CPP, NULL_GO = "null analyzer (C++)", "null analyzer (Go)"
NLOHMANN, SIMDJSON = "nlohmann DOM", "simdjson DOM"
MIB = 2**20


class Samples:
    """What was measured: results by (size, competitor, kind), each a dict of figures."""

    def __init__(self):
        self.results, self.failures, self.judged = {}, {}, {}
        self.preview = {}  # competitor: advisories, mistakes
        self.sizes = {}  # size: resources, bytes by form
        self.shapes = {}  # shape: of how many: processor seconds of each run

    def about(self, machine, versions, competitors, args):
        self.machine, self.versions, self.competitors = machine, versions, competitors
        self.load = [os.getloadavg()[0]]
        self.command = args.command

    def describe(self, size, count, sizes):
        self.sizes[size] = (count, sizes)

    def add(self, size, competitor, result, faults, wrong):
        key = (size, competitor.name, competitor.kind)
        self.results.setdefault(key, []).append(result)
        if competitor.judges:
            self.judged[key] = (faults, wrong)

    def fail(self, size, competitor, why):
        self.failures[(size, competitor.name, competitor.kind)] = why

    def values(self, size, name, kind, figure):
        return [r[figure] for r in self.results.get((size, name, kind), []) if r.get(figure)]

    def median(self, size, name, kind, figure):
        values = self.values(size, name, kind, figure)
        return statistics.median(values) if values else None


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def ratio(a, b):
    return None if not a or not b else a / b


class Target:
    """`value` at most `limit`, or at least; None where it could not be measured."""

    def __init__(self, what, value, limit, least=False, unit="×"):
        self.what, self.value, self.limit, self.least, self.unit = what, value, limit, least, unit

    def row(self):
        wanted = f"{'at least' if self.least else 'at most'} {self.limit:g}{self.unit}"
        if self.value is None:
            return [self.what, wanted, "–", "not measured in this run"]
        met = self.value >= self.limit if self.least else self.value <= self.limit
        return [self.what, wanted, number(self.value) + self.unit, "met" if met else "**not met**"]


def peers_named(samples, word):
    return [c for c in samples.competitors if c.judges and c.name != OURS and word.lower() in c.name.lower()]


def ahead(samples, word, kind, figure, size, limit, what):
    """How many times what we take a peer takes; the fastest of those that have the word in their name, at `size` or the
    largest below that it was tried on."""
    known = {}
    for at in samples.sizes:
        for peer in peers_named(samples, word):
            times = ratio(samples.median(at, peer.name, kind, figure), samples.median(at, OURS, kind, figure))
            if peer.kind == kind and at <= size and times:
                known[at] = min(times, known.get(at, times))
    at = max(known, default=size)
    resources = f" at {samples.sizes[at][0]:,} resources" if at != size else ""
    return Target(f"{what}: {word} takes{resources}", known.get(at), limit, least=True)


def call_targets(samples, size):
    for figure, call in (("analyze_us", "Analyze"), ("remediate_us", "Remediate")):
        ours = samples.median(size, OURS, "analyzer", figure)
        for null in (NULL_CPP, NULL_GO):
            floor = samples.median(size, null, "analyzer", figure)
            yield Target(f"{call}, per call, to the {null}", ratio(ours, floor), 1.2)


def growth_targets(samples):
    for size in samples.sizes:
        for kind, figure, what in (("check", "seconds", "`check`"), ("analyzer", "stack_ms", "AnalyzeStack")):
            if size * 10 in samples.sizes:
                grown = ratio(samples.median(size * 10, OURS, kind, figure), samples.median(size, OURS, kind, figure))
                more = samples.sizes[size * 10][0] / samples.sizes[size][0]
                yield Target(f"{what}, {size * 10:,} to {size:,} resources ({more:.2f}× as many)", grown, 10.5)


def shape_growth(samples):
    """How many times the small one the large one takes, the shape, and the medians."""
    for shape, times in samples.shapes.items():
        if len(times) == 2:
            small, large = (statistics.median(values) for _, values in sorted(times.items()))
            yield large / small, shape, small, large


def shape_target(samples):
    worst, name, *_ = max(shape_growth(samples), default=(None, "not measured"))
    what = f"`check`, ten times as many of one thing, the worst of {len(samples.shapes)} ({name.replace('_', ' ')})"
    return Target(what, worst, 10.5)


def shape_rows(samples):
    for growth, shape, small, large in shape_growth(samples):
        yield [shapes.SHAPES[shape].__doc__, number(small * 1000), number(large * 1000), f"{growth:.1f}×"]


def targets(samples):
    small, large = min(samples.sizes), max(samples.sizes)
    middle = min((s for s in samples.sizes if s > small), default=small)
    ours = lambda size, kind, figure: samples.median(size, OURS, kind, figure)  # noqa: E731
    yield Target(
        "from exec to the answer of GetAnalyzerInfo, to a minimal C++ gRPC server",
        ratio(ours(small, "analyzer", "cold_ms"), samples.median(small, NULL_CPP, "analyzer", "cold_ms")), 1.5,
    )  # fmt: skip
    yield ahead(samples, "Node", "analyzer", "cold_ms", small, 50, "the same")
    yield ahead(samples, "Python", "analyzer", "cold_ms", small, 20, "the same")
    yield from call_targets(samples, 4000 if 4000 in samples.sizes else middle)
    count, sizes = samples.sizes[large]
    yield Target(
        f"AnalyzeStack, {count:,} resources, to the {NULL_GO}",
        ratio(ours(large, "analyzer", "stack_ms"), samples.median(large, NULL_GO, "analyzer", "stack_ms")), 0.4,
    )  # fmt: skip
    message = ours(large, "analyzer", "stack_bytes")
    peak = ours(large, "analyzer", "peak_kib")
    yield Target("its peak memory, to the message", ratio(peak and peak * 1024, message), 5)
    yield Target(
        f"`check`, {count:,} resources ({sizes['export.json'] / 1e6:,.0f} MB), to parsing the file with nlohmann",
        ratio(ours(large, "check", "seconds"), samples.median(large, NLOHMANN, "check", "seconds")), 0.35,
    )  # fmt: skip
    peak = ours(large, "check", "peak_kib")
    yield Target("its peak memory, to the file", ratio(peak and peak * 1024, sizes["export.json"]), 1.5)
    yield ahead(samples, "OPA", "check", "seconds", large, 10, "the same")
    yield Target(
        f"`check`, FastCart itself ({samples.sizes[small][0]} resources), to `--version`",
        ratio(ours(small, "check", "seconds"), samples.median(small, VERSION, "check", "seconds")), 2,
    )  # fmt: skip
    yield ahead(samples, "OPA", "check", "seconds", small, 4, "the same")
    yield from growth_targets(samples)
    yield shape_target(samples)
    noise = samples.preview.get(OURS, (None, []))[0]
    undecidable = 2 * ((samples.sizes.get(400) or samples.sizes[middle])[0] // 66)
    what = "advisories on a preview full of unknowns (two IAM policies a cell flow from what is not there yet)"
    yield Target(what, noise, undecidable, unit="")


FIGURES = [
    ("From exec to the answer of GetAnalyzerInfo", "analyzer", "cold_ms", "ms", 1),
    ("Remediate, median of the calls of a run", "analyzer", "remediate_us", "µs", 1),
    ("Analyze, median of the calls of a run", "analyzer", "analyze_us", "µs", 1),
    ("AnalyzeStack", "analyzer", "stack_ms", "ms", 1),
    ("Peak memory of the analyzer", "analyzer", "peak_kib", "MiB", 1 / 1024),
    ("From SIGINT to the end of the analyzer", "analyzer", "end_ms", "ms", 1),
    ("A file: time", "check", "seconds", "ms", 1000),
    ("A file: processor time", "check", "cpu_seconds", "ms", 1000),
    ("A file: peak memory", "check", "peak_kib", "MiB", 1 / 1024),
]


def figure_rows(samples, kind, figure, scale):
    for size, (count, _) in samples.sizes.items():
        ours = samples.median(size, OURS, kind, figure)
        for competitor in samples.competitors:
            if competitor.kind != kind:
                continue
            values = [v * scale for v in samples.values(size, competitor.name, kind, figure)]
            if values:
                middle = statistics.median(values)
                shown = [number(value) for value in (middle, min(values), max(values))]
                times = f"{middle / (ours * scale):.2f}×" if ours else ""
                yield [f"{count:,}", competitor.name, *shown, len(values), times]


def in_short(wrong):
    """What was missed and what was found that was not planted, by number, with the resources of the first of each."""
    parts = []
    for word in ("missed", "besides"):
        names = [w.rsplit("::", 1)[-1].rstrip("')") for w in wrong if w.startswith(word)]
        if names:
            parts.append(f"{word} {len(names)} ({', '.join(names[:2])}{', …' if len(names) > 2 else ''})")
    return "; ".join(parts) or "; ".join(wrong) or "every fault, nothing else"


def found_rows(samples):
    for (size, name, kind), (faults, wrong) in samples.judged.items():
        verdict = in_short(wrong) if wrong else f"all {faults}, nothing else"
        yield [f"{samples.sizes[size][0]:,}", name, kind, verdict]
    for name, (advisories, wrong) in samples.preview.items():
        noise = "failed: " if advisories is None else f"{advisories} advisories; "
        yield ["preview", name, "analyzer", noise + in_short(wrong)]


def missing(samples):
    out = [f"- {c.name}: {c.missing}." for c in samples.competitors if c.missing]
    out += [f"- {name}, {kind}, {size:,} resources: {why}" for (size, name, kind), why in samples.failures.items()]
    if all(c.name in (OURS, VERSION, NULL_CPP, NULL_GO, NLOHMANN, SIMDJSON) for c in samples.competitors):
        out.append("- No peers: this run was made without `--peers`.")
    return out


def render(samples):
    parts = [
        "# Benchmarks\n",
        f"Written by `{samples.command}` on {datetime.date.today()}.\n",
        "What is compared and how: [bench](../bench/README.md).\n",
        f"- Machine: {samples.machine}.",
        f"- Versions: {samples.versions}.",
        "- One run, competitors by turns; medians, with the least and the most.",
        f"- Threads that wanted a core when it began and when it ended, our own among them: {samples.load[0]:.0f}"
        f" and {os.getloadavg()[0]:.0f}.\n",
        "## Targets\n",
        table(["target", "wanted", "measured", ""], [t.row() for t in targets(samples)]),
        "## Found\n",
        "Each stack has 8 faults, each a single wrong fact. Who judges must find these and nothing else.",
        "A peer's rules may judge otherwise where the requirements leave room, which shows as findings besides.\n",
        table(["resources", "who", "as", "found"], found_rows(samples)),
        "## Measured\n",
    ]
    for title, kind, figure, unit, scale in FIGURES:
        head = ["resources", "what", f"median, {unit}", "least", "most", "runs", "to ours"]
        rows = list(figure_rows(samples, kind, figure, scale))
        parts += [f"### {title}\n", table(head, rows)]
    rows = list(shape_rows(samples))
    if rows:
        counts = [f"{n:,}, ms" for n in sorted(next(iter(samples.shapes.values())))]
        parts += ["### Stacks that are large in one way: processor time of `check`, median of 3\n"]
        parts += [table(["what there are many of", *counts, "growth"], rows)]
    parts += ["## Not measured\n", *missing(samples)]
    return "\n".join(parts) + "\n"

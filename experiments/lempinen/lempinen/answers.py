"""The generated sections of the pages: tables, and sentences whose numbers and verdicts come from results."""

from .charts import seconds

PARAMETERS = ("batch_size", "learning_rate", "alpha")
MEASURES = {"wall": "wall", "cpu": "CPU", "wall_less_wait": "wall minus wait"}


def first(results):
    """RQ1's sections."""
    return {
        "setting": _setting(results), "laws": _laws(results["laws"]), "memory": _memory(results["laws"]),
        "importance": _importance(results["importance"]), "busy": _busy(results["busy"]), "busy-plots": _busy_plots(results["busy"]),
        "comparison": _comparison(results["comparisons"]), "found": _found_first(results),
    }


def second(results):
    """RQ2's sections."""
    return {
        "setting": _setting(results), "studies": _studies(results["studies"]), "rules": _rules(results["rules"]), "turns": _rules(results["turns"]),
        "left-out": _left_out(results["left_out"]), "found": _found_second(results),
    }


def table(head, rows, right=()):
    """A table in Markdown; the columns named in `right` are numbers."""
    if not rows:
        return "Nothing was recorded for this table.\n"
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("--:" if name in right else "---" for name in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]) + "\n"


def _setting(results):
    machine, spent = results["machine"], results["spent"]
    text = (
        f"Size `--{results['size']}`: {results['note']} {spent['studies']} studies with {spent['trials']:,} trials, which took "
        f"{spent['wall_seconds'] / 60:.1f} minutes and {spent['cpu_seconds']:,.0f} CPU-s; {machine['processor']}, {machine['cores']} cores, {machine['system']}."
    )
    for why in results["missing"].values():
        text += f"\n\nLeft out: {why}."
    return text


def _laws(laws):
    rows = []
    for law in laws:
        cpu, wall = law["laws"]["cpu"], law["laws"]["wall"]
        if not cpu or not wall:
            continue
        sizes = law["batches"]
        rows.append((
            law["data"], law["learner"], f"{sizes[0]} – {sizes[-1]:,}", _time(cpu["a"]), _time(cpu["b"]), f"{cpu['r2']['value']:.4f}", f"{100 * cpu['error']:.0f} %",
            _time(wall["b"]), f"{wall['r2']['value']:.4f}",
        ))
    head = ("data", "learner", "batch sizes", "CPU: a", "CPU: b a row", "R²", "error", "wall: b a row", "wall R²")
    return table(head, rows, right=head[3:])


def _memory(laws):
    rows = []
    for law in laws:
        memory, points = law["laws"]["memory"], law["means"]["memory"]
        if not memory or not points:
            continue
        rows.append((
            law["data"], law["learner"], f"{points[0][1]:,.1f}", f"{points[-1][1]:,.1f}", f"{points[-1][1] / points[0][1]:.2f}",
            _number(memory["a"], 1), _number({key: value and 1000 * value for key, value in memory["b"].items() if key != "count"}, 3), f"{memory['r2']['value']:.3f}",
        ))
    head = ("data", "learner", "MB at the least batch", "MB at the largest", "ratio", "a in MB", "b in MB a 1,000 rows", "R²")
    return table(head, rows, right=head[2:])


def _importance(importance):
    rows = []
    for metric in sorted(importance, key=lambda name: (name.startswith("system/"), name)):
        shares = importance[metric]
        rows.append((f"`{metric}`", *(_share(shares.get(parameter)) for parameter in PARAMETERS)))
    return table(("metric", *PARAMETERS), rows, right=PARAMETERS)


def _busy(busy):
    rows = []
    quiet = {(law["data"], law["learner"]): law for law in busy.get("quiet", [])}
    for mode, laws in busy.items():
        for law in laws:
            base = quiet.get((law["data"], law["learner"]))
            cells = []
            for measure in MEASURES:
                fitted = law["laws"][measure]
                cells.append(_time(fitted["b"]) if fitted else "–")
                cells.append(_ratio(law, base, measure))
            rows.append((law["data"], law["learner"], mode, *cells))
    rows.sort(key=lambda row: (row[0], row[1]))
    head = ("data", "learner", "machine", *(cell for words in MEASURES.values() for cell in (f"b, {words}", f"to quiet, {words}")))
    return table(head, rows, right=head[3:])


def _busy_plots(busy):
    return "\n\n".join(f"![A step on a quiet and on a busy machine]({busy_plot(law)})" for law in busy.get("quiet", [])) or "Nothing was recorded."


def busy_plot(law):
    """The file of a plot of one learner on a quiet and on a busy machine."""
    return f"busy-{law['data']}-{law['learner']}.svg"


def _ratio(law, base, measure):
    ratio = ratio_of(law, base, measure)
    return "–" if ratio is None else f"{ratio:.3f}"


def ratio_of(law, base, measure):
    """The slope over that of the quiet machine; None where one is missing."""
    if not base or not law["laws"][measure] or not base["laws"][measure] or not base["laws"][measure]["b"]["value"]:
        return None
    return law["laws"][measure]["b"]["value"] / base["laws"][measure]["b"]["value"]


def _comparison(comparisons):
    if not comparisons:
        return "No comparison was made.\n"
    return "\n".join(f"**{one['data']}**\n\n```\n{one['text'].rstrip()}\n```\n" for one in comparisons)


def _studies(studies):
    rows = [
        (one["data"], one["learner"], f"{one['rows']:,}", f"{one['steps']:,}", one["trials"], one["failed"], "–" if one["best"] is None else f"{one['best']:.4g}",
         ", ".join(f"{name} {value}" for name, value in (one["parameters"] or {}).items()), f"{one['cpu_seconds']:.0f}")
        for one in studies
    ]
    head = ("data", "learner", "rows", "steps", "trials", "diverged", "best score", "at", "CPU-s")
    return table(head, rows, right=("rows", "steps", "trials", "diverged", "best score", "CPU-s"))


def _rules(rules):
    number = 0
    rows = []
    ends = sum(row["frontier"] for row in rules)
    for row in rules:
        mark = ""
        if row["frontier"]:
            mark, number = f"**{ends - number}**", number + 1
        saved = row["saved"]
        rows.append((
            mark, row["rules"], row["family"], *(_percent(saved[kind]) for kind in ("cpu_seconds", "steps", "megabyte_seconds")),
            f"{row['regret']:.2f}", f"{row['worst_regret']:.2f}", f"{row['without_regret']} of {row['studies']}",
        ))
    head = ("", "rule set", "family", "CPU-s saved, %", "steps saved, %", "MB-s saved, %", "regret, %", "worst regret, %", "studies below 0.5 %")
    return table(head, rows, right=head[3:])


def _left_out(rows):
    cells = [
        (row["data"], row["rules"], _percent(row["there"]["saved"]), f"{row['there']['regret']:.2f}", _percent(row["here"]["saved"]), f"{row['here']['regret']:.2f}",
         row["own_rules"], _percent(row["own"]["saved"]))
        for row in rows
    ]
    head = ("left out", "chosen on the others", "saved there, %", "regret there, %", "saved here, %", "regret here, %", "chosen with hindsight", "it saves, %")
    return table(head, cells, right=("saved there, %", "regret there, %", "saved here, %", "regret here, %", "it saves, %"))


def _found_first(results):
    lines = []
    laws = [law for law in results["laws"] if law["laws"]["cpu"]]
    if laws:
        r2 = [law["laws"]["cpu"]["r2"]["value"] for law in laws]
        good = sum(value >= 0.99 for value in r2)
        lines.append(f"- CPU time of a step = a + b × its rows has R² of at least 0.99 in {good} of {len(laws)} pairs of data set and learner; the least is {min(r2):.4f}.")
        ratios = [law["laws"]["wall"]["b"]["value"] / law["laws"]["cpu"]["b"]["value"] for law in laws if law["laws"]["wall"] and law["laws"]["cpu"]["b"]["value"]]
        if ratios:
            lines.append(f"- The slope of wall time is {min(ratios):.2f} to {max(ratios):.2f} times that of CPU time: with a core for each worker, two workers "
                         f"{'hardly hinder' if max(ratios) < 1.05 else 'do hinder'} each other.")
        grown = [(law["means"]["memory"][-1][1] / law["means"]["memory"][0][1], law) for law in laws if law["means"]["memory"] and law["means"]["memory"][0][1]]
        if grown:
            most, law = max(grown, key=lambda pair: pair[0])
            still = sum(ratio < 1.1 for ratio, _ in grown)
            lines.append(f"- Peak memory at the largest batch is less than 1.1 times that at the least batch in {still} of {len(grown)} pairs; the most is {most:.2f} times ({law['data']}, {law['learner']}).")
    importance = results["importance"]
    for metric, words in (("system/step_cpu_seconds", "the CPU time of a step"), ("validation_accuracy", "accuracy"), ("validation_rmse", "RMSE")):
        if importance.get(metric):
            name, share = max(importance[metric].items(), key=lambda item: item[1]["mean"])
            lines.append(f"- Most of the variance of {words} comes from `{name}`: {100 * share['mean']:.0f} % on average over the grids ({100 * share['least']:.0f} to {100 * share['most']:.0f} %).")
    lines += _busy_verdicts(results["busy"])
    return "\n".join(lines) or "Nothing was recorded."


def _busy_verdicts(busy):
    quiet = {(law["data"], law["learner"]): law for law in busy.get("quiet", [])}
    lines = []
    for mode in ("pinned", "free"):
        parts = []
        for measure, words in MEASURES.items():
            ratios = [ratio_of(law, quiet.get((law["data"], law["learner"])), measure) for law in busy.get(mode, [])]
            ratios = [ratio for ratio in ratios if ratio is not None]
            if ratios:
                within = all(abs(ratio - 1) <= 0.1 for ratio in ratios)
                parts.append(f"{words} {min(ratios):.2f} to {max(ratios):.2f} ({'within' if within else 'not within'} 10 %)")
        if parts:
            lines.append(f"- Busy machine, `{mode}`: the slopes are those of the quiet machine times: {'; '.join(parts)}.")
    return lines


def _found_second(results):
    rules = [row for row in results["rules"] if row["saved"]["cpu_seconds"] is not None]
    if not rules:
        return "Nothing was recorded."
    good = [row for row in rules if row["regret"] < 0.5]
    lines = []
    if good:
        best = good[0]
        goal = "reaches" if best["saved"]["cpu_seconds"] >= 60 else "misses"
        lines.append(
            f"- Of {len(rules)} rule sets, {len(good)} lose less than 0.5 % of the score on average. Of these *{best['rules']}* saves most: {best['saved']['cpu_seconds']:.1f} % of the CPU time, "
            f"{best['saved']['steps']:.1f} % of the steps and {_percent(best['saved']['megabyte_seconds'])} % of memory over time, at a mean regret of {best['regret']:.2f} % (worst study {best['worst_regret']:.2f} %). "
            f"That {goal} the goal of 60 %.")
        safe = [row for row in rules if row["worst_regret"] < 0.5]
        if safe:
            lines.append(f"- With less than 0.5 % in every single study, *{safe[0]['rules']}* saves most: {safe[0]['saved']['cpu_seconds']:.1f} % of the CPU time.")
    else:
        least = min(rules, key=lambda row: row["regret"])
        lines.append(f"- No rule set loses less than 0.5 % of the score on average; *{least['rules']}* loses least, {least['regret']:.2f} %, and saves {least['saved']['cpu_seconds']:.1f} % of the CPU time.")
    cost = [row for row in rules if row["family"] == "cost"]
    if cost:
        best = min(cost, key=lambda row: (row["regret"] >= 0.5, -row["saved"]["cpu_seconds"] if row["regret"] < 0.5 else row["regret"]))
        lines.append(f"- Of the rules that look at cost alone, the seed's question, *{best['rules']}* does best: {best['saved']['cpu_seconds']:.1f} % of the CPU time at a regret of {best['regret']:.2f} %.")
    held = results["left_out"]
    if held:
        kept = sum(row["here"]["regret"] < 0.5 for row in held)
        saved = sum(row["here"]["saved"] for row in held) / len(held)
        lines.append(f"- A rule set chosen on the other data sets keeps the regret below 0.5 % on {kept} of {len(held)} data sets that it has not seen, and saves {saved:.1f} % of their CPU time on average.")
    return "\n".join(lines)


def _time(mean):
    half = f" ± {100 * mean['half'] / abs(mean['value']):.0f} %" if mean["half"] is not None and mean["value"] else ""
    sign = "-" if mean["value"] < 0 else ""
    return f"{sign}{seconds(abs(mean['value']))}{half}"


def _number(mean, digits):
    half = f" ± {mean['half']:.{digits}f}" if mean["half"] is not None else ""
    return f"{mean['value']:,.{digits}f}{half}"


def _share(share):
    return "–" if share is None else f"{100 * share['mean']:.0f} % ({100 * share['least']:.0f}–{100 * share['most']:.0f})"


def _percent(value):
    return "–" if value is None else f"{value:.1f}"

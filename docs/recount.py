#!/usr/bin/env python3
"""Recounts Table 1-1 from an events file: see recount.md. Nothing but Python 3 is needed."""
import argparse, collections, datetime, itertools, json

CELLS = dict(signed="10 11 27 46 50 51", study="80 81 82", abroad="85", other="12 75 76 77",
             preparing="71", not_seeking="72", seeking="70")  # by the first two digits of the code
CELL_OF = {code: cell for cell, codes in CELLS.items() for code in codes.split()}
SETTLED = list(CELLS)[:4]
COLUMNS = ["settled", *CELLS]
MARKS = dict(disputed=("disputed", True), upheld=("disputed", False), struck=("struck", True), restored=("struck", False))
ZONE = datetime.timezone(datetime.timedelta(hours=8))
NOW = datetime.datetime.now(ZONE)

def when(text):  # a bound that is itself outside; a bare day is inside whole
    t = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    t = t if t.tzinfo else t.replace(tzinfo=ZONE)
    return t + datetime.timedelta(days=1) if len(text) == 10 else t

def destination(events, day):
    """The code that counts on the day, or None: cases and changes, step by step (2 to 5 of recount.md)."""
    changes, cases = {}, {}
    for e in events:
        if e["type"] == "mark":
            if e["step"] in MARKS and e["case"] in cases:
                name, holds = MARKS[e["step"]]
                cases[e["case"]][name] = holds
            continue
        c = changes.setdefault(e["change"], dict(act=e.get("act"), case=e.get("case"), seq=e["seq"], on="", code="", over=False))
        case = cases.setdefault(c["case"], dict(effects={}, seq=0, disputed=False, struck=False))
        if c["over"]:
            continue
        if c["act"] == "open":
            case["seq"] = c["seq"]
        c["on"], c["code"] = e.get("true_on") or c["on"], e.get("code") or c["code"]
        c["over"] = e["step"] in ("approved", "recorded")
        no_work = c["act"] in ("open", "amend") and c["code"][:2] in ("70", "71", "72")
        if c["over"] or e["step"] == "submitted" and no_work:
            case["effects"][e["change"]] = (c["act"], c["on"], c["code"])  # keeps its place if it has one
        elif e["step"] in ("submitted", "returned", "withdrawn", "refused"):
            case["effects"].pop(e["change"], None)
    latest = None
    for case in cases.values():
        on, code, end, acts = "", "", "", [act for act, _, _ in case["effects"].values()]
        for act, given_on, given_code in case["effects"].values():
            if act == "end":
                end = given_on or end
            elif act == "open":
                on, code = given_on, given_code
            else:
                on, code = given_on or on, given_code or code
        if "open" in acts and "void" not in acts and on <= day:
            latest = max(latest or (), (on, case["seq"], end, code, case["disputed"] or case["struck"]))
    if latest is None or latest[2] and latest[2] <= day or latest[4]:
        return None
    return latest[3]

def recount(path, cohort, true_before, known_before):
    day = (true_before - datetime.timedelta(milliseconds=1)).astimezone(ZONE).date().isoformat()
    table = {level: collections.Counter() for level in ("undergraduate", "master", "doctor", "associate")}
    with open(path, encoding="utf-8") as lines:
        for _, events in itertools.groupby(map(json.loads, lines), key=lambda e: e["graduate"]):
            known = [e for e in events if datetime.datetime.fromisoformat(e["known_at"]) < known_before]
            said = [e for e in known if e["type"] == "person" and e.get("true_on", "") <= day]
            person = {}
            for e in sorted(said, key=lambda e: (e.get("true_on", ""), e["seq"])):
                person.update(e["set"])
            if person.get("cohort") != cohort or not person.get("in_statistics") or person.get("left"):
                continue
            code = destination((e for e in known if e["type"] != "person"), day)
            cell = CELL_OF[code[:2]] if code else "seeking"
            row = table.setdefault(person.get("level_id", ""), collections.Counter())
            row.update(["n", cell] + ["settled"] * (cell in SETTLED))
    return {**table, "total": sum(table.values(), collections.Counter())}

if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("file", help="written by: quxiang export events --cohort 2024 -o FILE")
    args.add_argument("--cohort", required=True)
    args.add_argument("--as-of", type=when, default=NOW, help="what was true: 2024-08-31, or 2024-09-01T00:00")
    args.add_argument("--known-at", type=when, default=NOW, help="what was known: the same forms")
    a = args.parse_args()
    print("level", "n", *(f"{c}\t{c}_pct" for c in COLUMNS), sep="\t")
    for level, row in recount(a.file, a.cohort, a.as_of, a.known_at).items():
        n = row["n"]
        if n:  # shares in hundredths of a percent, half up, from the integers
            cells = ((row[c], (row[c] * 20000 + n) // (2 * n)) for c in COLUMNS)
            print(level, n, *(f"{k}\t{p // 100}.{p % 100:02d}" for k, p in cells), sep="\t")

#!/usr/bin/env python3
"""Counts a matching run again from its certificate: python3 docs/recount_matching.py FOLDER

Reads model.json, positions.csv, pairs.csv and lists.csv, trusts none of them, and says
whether the lists are lawful, how fair they are, and how far from the best they can be."""
import csv, json, math, os, sys
from collections import defaultdict

folder = sys.argv[1]
read = lambda name: csv.DictReader(open(os.path.join(folder, name), encoding="utf-8"))
model = json.load(open(os.path.join(folder, "model.json"), encoding="utf-8"))
k, rewards = model["list_length"], model["rewards"]
posts = {p["position"]: (int(p["headcount"]), int(p["cap"]), int(p["price"])) for p in read("positions.csv")}
score = defaultdict(dict)  # graduate -> position -> score
for p in read("pairs.csv"):
    score[p["graduate"]][p["position"]] = math.isqrt(int(p["graduate_points"]) * int(p["position_points"]))
lists, shown = defaultdict(list), defaultdict(int)
for e in read("lists.csv"):
    lists[e["graduate"]].append(e["position"])
    shown[e["position"]] += 1

assert all(price >= 0 for _, _, price in posts.values()), "a price below 0 proves nothing"
assert all(a >= b for a, b in zip(rewards, rewards[1:])) and len(rewards) == k
for g, entries in lists.items():
    assert len(entries) == len(set(entries)) <= k, f"{g}: a list too long, or a position twice"
    assert all(p in score[g] for p in entries), f"{g}: a position that the graduate is not eligible for"
over = sum(max(0, n - posts[p][1]) for p, n in shown.items())
value = sum(sum(score[g][p] for p in entries) + sum(rewards[: len(entries)]) for g, entries in lists.items())
bound = sum(cap * price for _, cap, price in posts.values())
for g, pairs in score.items():
    best = sorted((s - posts[p][2] for p, s in pairs.items()), reverse=True)[:k]
    bound += sum(max(0, x + r) for x, r in zip(best, rewards))
covered = [len(lists[g]) >= 3 for g, pairs in score.items() if len(pairs) >= 3]
heads, area, below, total = sum(h for h, _, _ in posts.values()), 0.0, 0.0, sum(shown.values()) or 1
for p in sorted(posts, key=lambda p: shown[p] / posts[p][0]):
    area += posts[p][0] / heads * (2 * below + shown[p] / total)
    below += shown[p] / total
print(f"graduates {model['graduates']}, positions {len(posts)}, entries {sum(shown.values())}, over cap {over}")
print(f"three or more of those able: {sum(covered) / max(1, len(covered)):.4f}, Gini a place {1 - area:.4f}")
print(f"value {value}, bound {bound}, gap {(bound - value) / bound if bound else 0:.6f}")
sys.exit(1 if over or value > bound else 0)

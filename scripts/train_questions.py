"""Questions made from labels: from their table rows, sentences, footnotes, abbreviations and annotated reactions.

In: label files, the file of reactions that people annotated, a random source. Out: `pairs`. The wording comes from
`train_templates`, its style from `train_wording`; every passage is in the form that the index encodes. Near misses come
from the same label: the next row, the same row of another table, the sentence beside, the same term elsewhere.
"""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import train_patterns as patterns
import train_templates as templates
from train_pair import Pair
from train_wording import reworded, styled, synonyms, terms

from assistant.label import Label, Table
from assistant.passage import Passage, text_to_encode
from assistant.reading import read
from assistant.splitting import split
from assistant.understanding.lexicon import rows

_WHO = ("adults", "kids", "children", "women", "men", "elderly patients")
_PER_LABEL = {"row": 70, "sentence": 130, "mention": 35, "footnote": 12, "definition": 5}


def pairs(files: Sequence[Path], reactions: Path, rng: random.Random) -> list[Pair]:
    """Pairs of all labels, at most so many of each kind from one label."""
    mentions: dict[str, set[str]] = defaultdict(set)
    if reactions.is_file():
        for line in reactions.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            mentions[entry["label"]].add(entry["mention"].lower())
    found: list[Pair] = []
    for file in files:
        asked = _Label(read(file), rng).pairs(sorted(mentions.get(file.stem.split("__")[-1], ())))
        rng.shuffle(asked)
        taken: Counter[str] = Counter()
        for pair in asked:
            taken[pair.source] += 1
            if taken[pair.source] <= _PER_LABEL[pair.source]:
                found.append(pair)
    return found


@lru_cache(maxsize=1)
def _generics() -> dict[str, str]:
    return {brand: row["name"] for row in rows("drugs.tsv") for brand in row["variants"].split("|") if brand}


class _Label:
    """One label's questions."""

    def __init__(self, label: Label, rng: random.Random) -> None:
        self.label = label
        self.rng = rng
        self.passages = split(label)
        self.quotes = [label.text[one.start : one.end] for one in self.passages]
        self.drugs = [label.name.capitalize(), label.name, label.name.lower()]
        if label.name.lower() in _generics():
            self.drugs += [_generics()[label.name.lower()]] * 2

    def pairs(self, mentions: Sequence[str]) -> list[Pair]:
        """All questions of the label, passages in text order."""
        makers = {
            "table_row": self._rows,
            "passage": self._sentences,
            "footnote": self._footnotes,
            "definition": self._definitions,
        }
        found = [pair for place, one in enumerate(self.passages) for pair in makers[one.kind](place)]
        return found + [pair for mention in mentions for pair in self._mentions(mention)]

    @cached_property
    def common(self) -> Counter[str]:
        """In how many passages a word stands."""
        return Counter(word for one in self.passages for word in {w.lower() for w in patterns.WORD.findall(one.search)})

    def _pair(self, source: str, question: str, place: int, wrong: int | None, key: str) -> Iterator[Pair]:
        question = question.replace("{drug}", self.rng.choice(self.drugs))
        question = re.sub(r"\s+([?,:])", r"\1", " ".join(question.split())).strip(" ,:-")
        if self.rng.random() < 0.1 and not any(name.lower() in question.lower() for name in self.drugs):
            question = (
                question.rstrip("?") + self.rng.choice((" on ", " with ", " - ", " ")) + self.rng.choice(self.drugs)
            )
        if len(question) < 3:
            return
        against = text_to_encode(self.passages[wrong]) if wrong is not None else ""
        yield Pair(
            source,
            self.label.id,
            styled(question, self.rng),
            text_to_encode(self.passages[place]),
            against,
            key.lower(),
        )

    # rows

    def _rows(self, place: int) -> Iterator[Pair]:
        passage = self.passages[place]
        assert passage.table is not None
        assert passage.row is not None
        table = self.label.tables[passage.table]
        row = table.rows[passage.row]
        label = row.label.strip(" -*•")
        if not table.resolved or not re.search(r"[A-Za-z]{3}", f"{label} {' '.join(row.group)}"):
            return
        for _ in range(2):
            arm, about = self._arm(table), self._about(table, passage)
            wording = self.rng.choice(
                templates.ROWS if any(column.unit or column.n for column in table.columns) else templates.VALUES
            )
            term = self._term(label, row.group)
            if self.rng.random() < 0.35 and "{about}" not in wording:
                arm = f"{arm} {about}".strip()
            specific = "{arm}" in wording and bool(arm)
            question = wording.format(term=term, arm=arm, about=about, drug="{drug}")
            yield from self._pair(
                "row", question, place, self._near_row(place, label, specific and bool(about) and about in arm), label
            )
        if row.group and self.rng.random() < 0.15:
            group = re.sub(r"(?i)\s*disorders$", " disorders", row.group[-1]).lower()
            yield from self._pair(
                "row", self.rng.choice(templates.GROUPS).format(group=group, arm=self._arm(table)), place, None, group
            )

    def _term(self, label: str, group: Sequence[str]) -> str:
        label = re.sub(r"\s*\((?:[^)]*)\)$", "", label) if self.rng.random() < 0.5 else label
        short = label if label[:4].isupper() or label[:2].isupper() else label[:1].lower() + label[1:]
        if group and (len(label) < 8 or re.match(r"[\W\d]", label) or self.rng.random() < 0.05):
            return f"{group[-1].lower()} {short}"
        changed = patterns.CHANGED.match(label)
        if changed and self.rng.random() < 0.7:
            rise = changed["up"] or changed["rise"]
            return self.rng.choice(templates.RAISED if rise else templates.LABS).format(
                stem=(changed["after"] or changed["before"]).strip(", ")
            )
        if terms(short) == ((0, len(short)),) and self.rng.random() < 0.4:
            return self.rng.choice(synonyms()[short.lower()])
        words = label.split(", ")
        return f"{words[1]} {words[0]}".lower() if len(words) == 2 and self.rng.random() < 0.5 else short

    def _arm(self, table: Table) -> str:
        if not table.columns:
            return ""
        head = " ".join(self.rng.choice(table.columns).header)
        grade = patterns.GRADE.search(head)
        arm = " ".join(patterns.GRADE.sub(" ", patterns.COUNTS.sub(" ", head)).split()).strip(" ,-()")
        words = arm.split()
        if len(words) > 5:
            arm = " ".join(words[:5])
        if arm and self.rng.random() < 0.35 and self.label.name.lower() in arm.lower():
            arm = re.sub(
                re.escape(self.label.name),
                lambda _: self.rng.choice((*self.drugs, "drug", "")),
                arm,
                flags=re.IGNORECASE,
            )
        if arm:
            arm = self.rng.choice(
                ("on {}", "with {}", "{}", "{} arm", "in the {} group", "({})", "for {}", "{}")
            ).format(arm.strip())
        if grade:
            high = patterns.HIGH.search(grade.group())
            said = self.rng.choice((grade.group().lower(), *templates.GRADES["high" if high else "all"]))
            arm = self.rng.choice((f"{said} {arm}", f"{arm} {said}", said))
        return "" if self.rng.random() < 0.12 else arm.strip()

    def _about(self, table: Table, passage: Passage) -> str:
        match = patterns.ABOUT.search(table.caption) or patterns.ABOUT.search(
            " ".join(self.label.path(passage.section))
        )
        said = next((group for group in match.groups() if group), "") if match else ""
        if not said:
            title = self.label.sections[passage.section].title
            said = "" if patterns.PLAIN_TITLES.search(title) else title
        said = " ".join(said.split()[:5])
        return (
            self.rng.choice(("in {}", "{}", "({})", "{} patients")).format(
                said.lower() if self.rng.random() < 0.6 else said
            )
            if said
            else ""
        )

    def _near_row(self, place: int, label: str, specific: bool) -> int | None:
        own = self.passages[place]
        same, beside = [], []
        for other, one in enumerate(self.passages):
            if one.kind != "table_row" or other == place or one.table is None or one.row is None:
                continue
            if self.label.tables[one.table].rows[one.row].label.lower() == label.lower():
                same += [other] if one.table != own.table else []
            elif one.table == own.table:
                beside.append(other)
        if same and specific and self.rng.random() < 0.7:
            return self.rng.choice(same)
        like = [
            other
            for other in beside
            if set(self.passages[other].search.lower().split(":")[0].split()) & set(label.lower().split())
        ]
        return self.rng.choice(like or beside) if like or beside else None

    # prose

    def _sentences(self, place: int) -> Iterator[Pair]:
        passage = self.passages[place]
        quote = " ".join(patterns.REFERENCE.sub("", self.quotes[place]).split())
        if len(quote.split()) < 6 or patterns.NO_ANSWER.search(quote):
            return
        topic = self._topic(passage, quote)
        if not topic:
            return
        asked: list[tuple[str, str]] = []
        for pattern, wordings in templates.SENTENCES:
            if match := pattern.search(quote):
                asked.append((self.rng.choice(wordings), _object(match)))
        self.rng.shuffle(asked)
        told = self._telling(passage, topic)
        for wording, caught in asked[: self.rng.choice((1, 1, 2))]:
            question = self._filled(wording, topic, caught, passage, told)
            if self.rng.random() < 0.55 and told:
                question = (
                    question.rstrip("?")
                    + " "
                    + self.rng.choice(("", "", "- ", "in ", "with ", "and "))
                    + self.rng.choice(told)
                )
            yield from self._pair("sentence", question, place, self._near_sentence(place, topic), topic)
        if told and self.rng.random() < 0.55:
            words = " ".join(self.rng.sample(told, min(len(told), self.rng.choice((1, 2, 2, 3)))))
            yield from self._pair(
                "sentence",
                self.rng.choice(templates.TERSE).format(topic=topic, words=words),
                place,
                self._near_sentence(place, topic),
                topic,
            )
        for term in self.rng.sample(found, 1) if (found := patterns.PERCENT_TERM.findall(quote)) else ():
            term = re.sub(r"^.*\b(?:and|with|were|was|included?|including|of|by) ", "", term)
            wording = self.rng.choice(templates.ROWS).format(term=term, arm="", about="", drug="{drug}")
            yield from self._pair("sentence", wording, place, self._near_sentence(place, term), term)
        if self.label.sections[passage.section].kind == "boxed_warning" and self.rng.random() < 0.2:
            yield from self._pair("sentence", self.rng.choice(templates.BOXED).format(topic=topic), place, None, topic)

    def _filled(self, wording: str, topic: str, caught: str, passage: Passage, told: Sequence[str]) -> str:
        who = next(iter(passage.facets.populations or passage.facets.carried), "")
        return wording.format(
            topic=topic,
            object=caught or topic,
            drug="{drug}",
            who=(who if self.rng.random() < 0.8 else self.rng.choice(_WHO)) if who else "patients",
            object_or_term=caught or (told[0] if told else topic),
            topic_or_drug=self.rng.choice((topic, "starting {drug}", "the last dose"))
            if "{drug}" not in topic
            else topic,
        )

    def _topic(self, passage: Passage, quote: str) -> str:
        title = re.sub(
            r"(?i)^\W*(?:warning:?\s*)?[\d.]*\s*|\s*\[.*|\s*\(.*", "", self.label.sections[passage.section].title
        ).strip()
        lead = re.match(r"^([A-Z][\w /-]{4,50}?)\s?[:.] ", quote)
        subject = patterns.SUBJECT.match(quote)
        known = [quote[start:end] for start, end in terms(quote) if end - start > 5]
        choices = [title] * 3 if title and not patterns.PLAIN_TITLES.search(title) and len(title.split()) <= 8 else []
        choices += [lead[1]] * 2 if lead else []
        choices += [subject[1]] if subject and subject[1].split()[0].lower() not in patterns.NO_TOPIC else []
        choices += [self.rng.choice(known)] if known else []
        topic = self.rng.choice(choices) if choices else ""
        parts = re.split(r", | and ", topic)
        topic = (
            self.rng.choice(parts)
            if len(parts) > 1 and self.rng.random() < 0.5 and all(len(part) > 4 for part in parts)
            else topic
        )
        return topic.lower() if not topic[:2].isupper() or (topic.isupper() and len(topic) > 8) else topic

    def _telling(self, passage: Passage, topic: str) -> list[str]:
        """Words that set the sentence apart within its label, known terms first."""
        barred = set(topic.lower().split()) | patterns.EMPTY | {name.lower() for name in self.drugs}
        search = passage.search
        found = [
            search[start:end].lower()
            for start, end in terms(search)
            if search[start:end].lower() not in barred and end - start > 3
        ]
        phrases = [" ".join(run[:3]).lower() for run in _runs(search, barred)]
        rare = sorted(set(phrases), key=lambda phrase: (min(self.common[word] for word in phrase.split()), phrase))[:4]
        return list(dict.fromkeys((*self.rng.sample(found, min(2, len(found))), *rare)))[:5]

    def _near_sentence(self, place: int, topic: str) -> int | None:
        own = self.passages[place]
        said = set(own.search.lower().split())
        beside = [other for other in range(max(0, place - 3), min(len(self.passages), place + 4)) if other != place]
        elsewhere = [
            other
            for other, one in enumerate(self.passages)
            if topic.lower() in one.search.lower() and one.section != own.section
        ]
        choices = elsewhere if elsewhere and self.rng.random() < 0.4 else beside
        apart = [
            other for other in choices if len(said & set(self.passages[other].search.lower().split())) < 0.6 * len(said)
        ]
        return self.rng.choice(apart) if apart else None

    # the rest

    def _footnotes(self, place: int) -> Iterator[Pair]:
        passage = self.passages[place]
        marked = [
            note for table in self.label.tables for note in table.footnotes if note.start == passage.start and note.rows
        ]
        table = self.label.tables[passage.table] if passage.table is not None else None
        if not marked or table is None or marked[0].rows[0] >= len(table.rows):
            return
        row = table.rows[self.rng.choice([row for row in marked[0].rows if row < len(table.rows)])]
        words = [word for word in re.split(r", | and ", self.quotes[place]) if 4 < len(word) < 40]
        wording = self.rng.choice(templates.FOOTNOTES).format(
            term=row.label.lower(), object=self.rng.choice(words or [row.label])
        )
        near = next(
            (
                other
                for other, one in enumerate(self.passages)
                if one.kind == "table_row"
                and one.table == passage.table
                and self.label.tables[one.table].rows[one.row or 0] == row
            ),
            None,
        )
        yield from self._pair("footnote", wording, place, near, f"note {row.label}")

    def _definitions(self, place: int) -> Iterator[Pair]:
        short, _, long = self.passages[place].search.partition(" means ")
        if self.rng.random() < 0.7 and long:
            near = next(
                (
                    other
                    for other, one in enumerate(self.passages)
                    if one.kind == "passage" and short in self.quotes[other] and long not in self.quotes[other]
                ),
                None,
            )
            yield from self._pair(
                "definition", self.rng.choice(templates.DEFINITIONS).format(short=short), place, near, f"def {short}"
            )

    def _mentions(self, mention: str) -> Iterator[Pair]:
        word = re.compile(rf"(?<!\w){re.escape(mention)}(?!\w)")
        holding = [
            place
            for place, quote in enumerate(self.quotes)
            if word.search(quote.lower()) and self.passages[place].kind in ("passage", "table_row")
        ]
        if not 1 <= len(holding) <= 2 or len(mention) < 4:
            return
        place = self.rng.choice(holding)
        beside = [
            other for other in range(max(0, place - 4), min(len(self.passages), place + 5)) if other not in holding
        ]
        wording = self.rng.choice(templates.MENTIONS).format(term=reworded(mention, self.rng, 0.5), drug="{drug}")
        yield from self._pair("mention", wording, place, self.rng.choice(beside) if beside else None, mention)


def _runs(text: str, barred: Collection[str]) -> list[list[str]]:
    """Telling words that stand side by side, function words and punctuation between the runs."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[A-Za-z][\w-]*|[^\sA-Za-z]+", text):
        if patterns.WORD.fullmatch(word) and word.lower() not in barred:
            runs[-1].append(word)
        else:
            runs.append([])
    return [
        run for run in runs if len(run) > 1 or (run and len(run[0]) > 7 and not run[0].endswith(("ed", "ing", "ly")))
    ]


def _object(match: re.Match[str]) -> str:
    caught = match.group(1) if match.re.groups and match.group(1) else ""
    caught = re.split(
        r"(?i)\b(?:and|or|which|that|who|prior|before|during|after|should|may|is|are|was|were|in|with|at|for|as|by|due|including)\b|,",
        caught,
    )[0].strip()
    return caught if len(caught) > 3 else ""

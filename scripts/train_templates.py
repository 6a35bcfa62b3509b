"""What clinicians ask: wordings by what a sentence or a table row says.

`ROWS` ask for a value of a row, `SENTENCES` go by a pattern in the sentence
(`train_sentences.tsv`). All was written for this product.
"""

import re
from pathlib import Path

from train_pair import table

ROWS = (
    "{term} {arm}?",
    "{term} rate {arm}",
    "{term} {arm} %",
    "how common is {term} {arm}?",
    "how often does {term} occur {arm}?",
    "what percentage of patients had {term} {arm}?",
    "incidence of {term} {arm}",
    "how many patients got {term} {arm}?",
    "{term} - how often {arm}?",
    "{term} frequency {arm}",
    "what is the rate of {term} {arm}?",
    "{arm}: {term}?",
    "proportion of patients with {term} {arm}",
    "{term}, {arm}",
    "was {term} reported {arm}?",
    "what share developed {term} {arm}?",
    "percent with {term} {arm}",
    "how many {arm} had {term}?",
    "is {term} a side effect {arm}?",
    "{term} incidence",
    "{term}?",
    "{term} %",
    "how frequent is {term}?",
    "How likely is {term} {arm}?",
    "any {term} {arm}?",
    "{term} vs placebo",
    "{term} drug vs control",
    "does {drug} cause {term}?",
    "risk of {term} {arm}",
    "{term} numbers {arm}",
)
VALUES = (
    "{term} {arm}",
    "{term}, {arm}?",
    "what was {term} {arm}?",
    "{arm}: {term}",
    "{term} value {arm}",
    "{term} {about}",
    "what does the table give for {term} {arm}?",
    "{about}: {term}",
    "{term} {about} {arm}",
    "what is the {term} {arm}?",
)
LABS = ("low {stem}", "drop in {stem}", "decrease in {stem}", "{stem} decrease", "reduced {stem}", "fall in {stem}")
RAISED = (
    "high {stem}",
    "elevated {stem}",
    "{stem} elevation",
    "raised {stem}",
    "increase in {stem}",
    "{stem} increase",
    "{stem} rise",
)
GRADES = {
    "all": ("all grades", "any grade", "all-grade", "of any grade", "overall", ""),
    "high": (
        "grade 3/4",
        "grade 3-4",
        "grade 3 or 4",
        "G3/4",
        "grade 3 or higher",
        "grade >=3",
        "severe (grade 3/4)",
        "gr 3+",
        "grade 3 plus",
    ),
}
GROUPS = (
    "which {group} were reported?",
    "{group} listed?",
    "were there any {group}?",
    "{group} among the common reactions",
    "what {group} occurred {arm}?",
    "list of {group}",
)
FOOTNOTES = (
    "what does {term} include?",
    "which terms are grouped under {term}?",
    "what counts as {term}?",
    "{term} - which preferred terms?",
    "definition of {term} in the table",
    "what is meant by {term} in the adverse reaction table?",
    "what is the footnote on {term}?",
    "which terms were lumped into {term}?",
    "does {term} include {object}?",
)
DEFINITIONS = (
    "what does {short} stand for?",
    "{short} means?",
    "what is {short}?",
    "{short} = ?",
    "define {short}",
    "meaning of {short}",
    "{short} abbreviation",
    "what does {short} mean?",
    "spell out {short}",
    "{short}?",
)
MENTIONS = (
    "does it cause {term}?",
    "is {term} reported?",
    "{term}?",
    "any cases of {term}?",
    "can {drug} cause {term}?",
    "{term} on {drug}",
    "is {term} a listed side effect?",
    "{term} seen in trials or after approval?",
    "has {term} been reported with {drug}?",
    "{term} - known reaction?",
    "postmarketing reports of {term}",
    "reports of {term}",
    "patient has {term}, is it from {drug}?",
    "{term} risk",
    "have patients had {term}?",
)
SENTENCES = tuple(
    (re.compile(row["pattern"]), tuple(row["wordings"].split("|")))
    for row in table(Path(__file__).with_name("train_sentences.tsv"))
)
TERSE = (
    "{topic} {words}?",
    "{words} {topic}",
    "{topic}: {words}",
    "{words}?",
    "what about {words} and {topic}?",
    "{topic} with {words}",
    "does {words} matter for {topic}?",
    "{topic} - {words}",
    "tell me about {words} ({topic})",
    "{words} in {topic}",
    "is {words} mentioned?",
)
BOXED = (
    "what's in the boxed warning?",
    "black box warning {topic}",
    "boxed warning: {topic}?",
    "does it have a black box for {topic}?",
    "what does the black box say about {topic}?",
)

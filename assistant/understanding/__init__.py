"""Questions to queries.

lexicon     words that mean the same
asking      measure, answer type, section, trial, arm
subject     what the question is about, as concepts
facets      populations, grades and figures that the question names
reading     one question as a `Query`
followups   what a question takes over from the questions before it
rewording   a follow-up in the words of the question before
products    which product a question names
messages    adverse-event reports, emergencies, advice, comparisons
"""

"""Every sentence and word that the Slack surface says by itself, for review; what an answer says comes with the reply."""

NOTICES = {
    "boxed_warning": "Boxed warning",
    "report_adverse_event": "Report an adverse event",
    "emergency": "Emergency",
    "source_conflict": "The label contradicts itself",
    "figure_check": "Check this figure",
    "other_population": "About whom",
    "professional_advice": "No advice on a patient",
    "comparison": "Comparison",
    "label_currency": "Label version",
}
NO_ANSWER = "No answer."
WHICH = "Which one is meant?"
CLOSE = "Close, but another question:"
FURTHER = "Also in the label:"
NEAREST = "Closest passages, not an answer:"
ALSO_SEARCHED = "Also searched: "
UNDERSTOOD = "Understood as: "
ASKED = "Asked: "
REPORTING = "To report an adverse event: "
TO_COPY = "To copy: "  # as wording.toml begins the summary of a report
UNCERTAIN = " (the label doesn't print which row this belongs to)"
MORE = ("Show more", "Show the rest of this answer")
BOXED = ("Read the boxed warning", "Read the whole boxed warning")
HELPFUL = ("Helpful", "This answer was helpful")
NOT_HELPFUL = ("Not helpful", "This answer was not helpful")

STATUS = "is reading the label…"
LOADING = ("Reading the label…", "Checking every figure against its source…", "Looking for what the label leaves open…")
PROMPTS_TITLE = "Ask about a label"
BOXED_QUESTION = "What is the boxed warning?"
COMMON_QUESTION = "How common was {reaction}?"

NOTHING_ASKED = "Ask a question about a label, for example: {example}"
EXAMPLE = "What is the boxed warning?"
TOO_LONG = "That is too long to be one question. Ask in at most {most:,} characters."
WRONG = "That can't be asked: {problem}"
FAILED = "Something went wrong on our side, so there is no answer. Try again; if it stays, quote {id}."
RATED = "Thank you. Your rating is kept with this answer."
FORGOTTEN = "That answer is no longer kept. Ask again."
NOT_INSTALLED = "This workspace has not installed the assistant, or has removed it. Ask an administrator to install it."

"""Question sets and a loaded assistant in, what it gets right out.

    engine      what is asked of an assistant
    questions   files of questions and messages, read strictly
    tokens      figures of a headline as whole numbers
    matching    whether a quote holds what the question set asks for
    scoring     one question and its reply to one outcome
    measures    outcomes to shares with n and a 95% interval, by tag
    messages    what must be recognised in a message: precision and recall
    baselines   words only, vectors only and 500-character pieces on the same questions
    running     asks everything, builds the whole report
    misses      each miss in four lines
    curve       risk against coverage
    page        the report as one HTML file

Nothing here changes how an assistant answers. Left out: printing to a terminal (`cli`).
"""

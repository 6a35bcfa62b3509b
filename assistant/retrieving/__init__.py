"""A question's candidates, best first.

matching    how well one passage covers what a question is about
asked_figures  whether a text is about a figure that the question names
whom        the patients that the sentences before a passage say a trial took in
seen        what of a passage no question changes
ranking     vectors, words and coverage joined into one score
"""

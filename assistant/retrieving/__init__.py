"""A question's candidates, best first.

matching    how well one passage covers what a question is about
asked_figures  whether a text is about a figure that the question names
ranking     vectors, words and coverage joined into one score
"""

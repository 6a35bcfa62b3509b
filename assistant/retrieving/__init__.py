"""A question's candidates, best first.

matching    how well one passage covers what a question is about
ranking     vectors, words and coverage joined into one score
"""

"""Whether what the tutor says of a learner's figures is so: `python -m tests.grid`.

`points.py`: the trainings, by data, settings and seed, and the targets and prompts with each.
`walk.py`: a learner with such a training goes through the steps that speak of it.
`sentences.py`: which string of the content a sentence is, and what was filled into it.
`figures.py`: the numbers themselves, worked out anew.
`claims.py`: what each sentence claims of them. Nothing that judges in the tutor is imported there.
"""

"""Every candidate against every program, exactly, keeping both sides' best.

The score is that of `matching.scoring`; what makes it quick is that most parts read little of
either side. `factors` says which fields a part reads; `book` keeps its points once for each class
of candidates; `verdicts` does the same for the pathways; skills and terms are sparse. Only the
cosine needs work for each pair: `engine` gets a bound of it from 8-bit products and computes it
anew, in float32, for the few pairs that may be kept. docs/matching.md, "Runs".
"""

"""Countersigned papers: one text that several sides sign, one after the other.

Two kinds share everything here: a training plan (host, candidate, sponsor) and a learning
agreement (student, host, university). `shapes` says what each kind contains, `drafting` fills it,
`checks` says what must hold before the first signature, `signing` is every write, `queries` who
may read what, `printing` the PDF, `telling` the mails. A signature here is a typed name with its
time over the hash of the text; it is no form of a government, and no legal advice.
"""

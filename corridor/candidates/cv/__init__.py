"""Reading a CV: a file of bytes → lines with their places → proposed facts with their lines.

Plain Python, without Django. `reading.read` knows the formats, `parsing.propose` the words, and
`sandbox.read_apart` does both in a process of its own with bounded time and memory. Nothing here
writes anything: what is proposed is a person's to confirm (candidates.onboarding).
"""

"""A council's list of homes, from the file it sends to the homes it changes.

In the order of work: `columns` finds the head, `cells` and `rows` read what was typed, `reading`
puts a whole sheet together, `plans` says what each row would do, `homes` makes and changes them,
and `intake` keeps a list, shows the plan and takes it in once.
"""

"""Pure matching: plain values and arrays in, the same out.

No clock, no input or output, no mutation.
"""

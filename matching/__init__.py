"""Pure matching: plain values and arrays in, the same out; no clock, no input or output, no mutation."""

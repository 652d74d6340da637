"""気になること: whom to call, in which order, by when – and the end only by a named person."""

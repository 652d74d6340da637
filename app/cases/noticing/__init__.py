"""相談チャート: a few short questions at any counter, and what their answers point to."""

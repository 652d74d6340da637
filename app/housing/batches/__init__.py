"""一括の組み合わせ: all open needs with all open homes at once, for the meeting that decides."""

"""今日の回り方: a person's visits of a day in a sensible order, and times agreed for them."""

"""Where a household eats on the day: before it moves in, on its first night, with gas opened."""
